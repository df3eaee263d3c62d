package org.relais.testkit.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Speaks to the administration routes of a server with its home's token. Safe for use by many threads. */
public final class AdministrationClient {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final String base;
    private final String token;

    public AdministrationClient(TestHome home) {
        this.base = "http://127.0.0.1:" + home.ports().administration();
        this.token = home.token();
    }

    public void addUser(String address, String password) {
        expectDone("PUT", "/users/" + address, "{\"password\":\"" + password + "\"}");
    }

    public void addDomain(String domain) {
        expectDone("PUT", "/domains/" + domain, null);
    }

    public void addAlias(String source, String target) {
        expectDone("PUT", "/aliases/" + source + "/" + target, null);
    }

    /** The body of a route that must answer 200. */
    public String get(String path) {
        return expectDone("GET", path, null);
    }

    private String expectDone(String method, String path, @Nullable String json) {
        HttpResponse<String> response = request(method, path, json, token);
        if (response.statusCode() / 100 != 2) {
            throw new AssertionError(
                    method + " " + path + " was answered " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    /** Any request; a null token sends none. */
    public HttpResponse<String> request(String method, String path, @Nullable String json, @Nullable String bearer) {
        HttpRequest.BodyPublisher body = json == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .method(method, body);
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
