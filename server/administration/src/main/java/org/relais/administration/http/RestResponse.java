package org.relais.administration.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.administration.json.JsonWriter;
import org.relais.administration.port.Refusal;

/**
 * What a route answers: an HTTP status (RFC 9110 §15) and a body.
 *
 * @param octets in place of {@code body}, if they are not text or too many to be held in memory
 */
public record RestResponse(
        int status,
        String contentType,
        String body,
        @Nullable Octets octets) {
    private static final String JSON = "application/json";

    /** A body that is read when it is sent. */
    public interface Octets {
        long size();

        InputStream open() throws IOException;
    }

    public RestResponse(int status, String contentType, String body) {
        this(status, contentType, body, null);
    }

    public static RestResponse octets(String contentType, Octets octets) {
        return new RestResponse(200, contentType, "", octets);
    }

    public static RestResponse ok(Map<String, ? extends @Nullable Object> members) {
        return json(200, members);
    }

    public static RestResponse created(Map<String, ? extends @Nullable Object> members) {
        return json(201, members);
    }

    public static RestResponse accepted(Map<String, ? extends @Nullable Object> members) {
        return json(202, members);
    }

    public static RestResponse json(int status, Map<String, ? extends @Nullable Object> members) {
        return new RestResponse(status, JSON, JsonWriter.write(members) + "\n");
    }

    public static RestResponse text(String contentType, String text) {
        return new RestResponse(200, contentType, text);
    }

    /** An error in the one form that all errors have: what is wrong and what to do. */
    public static RestResponse error(int status, String what, String remedy) {
        var members = new LinkedHashMap<String, Object>();
        members.put("error", what);
        members.put("remedy", remedy);
        return json(status, members);
    }

    static RestResponse refused(Refusal refusal) {
        int status = switch (refusal.kind()) {
            case INVALID -> 400;
            case MISSING -> 404;
            case EXISTS, CONFLICT -> 409;
            case FAILED -> 500;
        };
        return error(status, refusal.what(), refusal.remedy());
    }
}
