package org.relais.administration.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.administration.json.JsonException;
import org.relais.administration.json.JsonReader;
import org.relais.administration.json.JsonWriter;

/**
 * The REST API as the command line uses it, one connection per request. Connects within 2 s, waits at most 70 s for an
 * answer (longer than the server may take), reads at most 64 MiB. On {@code HttpURLConnection}, which a cold JVM has ready
 * in a fifth of the time of {@code java.net.http}.
 */
public final class AdministrationClient {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 70_000;
    private static final int MAX_ANSWER_BYTES = 64 * 1024 * 1024;

    private final InetSocketAddress server;
    private final String token;

    public AdministrationClient(InetSocketAddress server, String token) {
        this.server = server;
        this.token = token;
    }

    public Map<String, @Nullable Object> get(String path) throws RequestFailure {
        return object(exchange("GET", path, null));
    }

    public Map<String, @Nullable Object> put(String path, Map<String, String> members) throws RequestFailure {
        return object(exchange("PUT", path, JsonWriter.write(members)));
    }

    public Map<String, @Nullable Object> post(String path, Map<String, String> members) throws RequestFailure {
        return object(exchange("POST", path, JsonWriter.write(members)));
    }

    public Map<String, @Nullable Object> delete(String path) throws RequestFailure {
        return object(exchange("DELETE", path, null));
    }

    /**
     * Copies the octets of the answer to {@code out}.
     *
     * @throws RequestFailure also if fewer came than were announced
     */
    public void download(String path, OutputStream out) throws RequestFailure {
        HttpURLConnection connection = null;
        try {
            connection = open("GET", path);
            int status = connection.getResponseCode();
            if (status >= 400) {
                try (var stream = connection.getErrorStream()) {
                    throw refused(status, text(stream));
                }
            }
            try (var stream = connection.getInputStream()) {
                long copied = stream.transferTo(out);
                long announced = connection.getContentLengthLong();
                if (copied < announced) { // the JDK's stream ends without a word
                    throw new EOFException(copied + " of " + announced + " octets came");
                }
            }
        } catch (IOException e) {
            throw new RequestFailure("not all of it could be read: " + e.getMessage(), "see log/relais.log", e);
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    /** A query of these parameters (RFC 3986 §3.4), with its question mark; empty without any. */
    public static String query(Map<String, String> parameters) {
        var query = new StringBuilder();
        parameters.forEach((name, value) -> query.append(query.isEmpty() ? '?' : '&')
                .append(path(name), 1, path(name).length())
                .append('=')
                .append(path(value), 1, path(value).length()));
        return query.toString();
    }

    /** A path of these parts, each encoded (RFC 3986 §3.3). */
    public static String path(String... parts) {
        var path = new StringBuilder();
        for (var part : parts) {
            path.append('/');
            for (byte octet : part.getBytes(StandardCharsets.UTF_8)) {
                if ("-._~@".indexOf(octet) >= 0 || Character.isLetterOrDigit(octet) && octet > 0) {
                    path.append((char) octet);
                } else {
                    path.append(String.format("%%%02X", octet));
                }
            }
        }
        return path.toString();
    }

    private String exchange(String method, String path, @Nullable String body) throws RequestFailure {
        HttpURLConnection connection = null;
        try {
            connection = open(method, path);
            if (body != null) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            }
            int status = connection.getResponseCode();
            try (var stream = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                var answer = text(stream);
                if (status >= 400) {
                    throw refused(status, answer);
                }
                return answer;
            }
        } catch (IOException e) {
            throw new RequestFailure("the server did not answer: " + e.getMessage(), "see log/relais.log", e);
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    private static String text(@Nullable InputStream stream) throws IOException {
        var bytes = stream == null ? new byte[0] : stream.readNBytes(MAX_ANSWER_BYTES);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private HttpURLConnection open(String method, String path) throws IOException {
        var connection = (HttpURLConnection) url(path).openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Authorization", "Bearer " + token);
        connection.setRequestProperty("Accept", "application/json");
        connection.setRequestProperty("Connection", "close");
        return connection;
    }

    private URL url(String path) throws MalformedURLException {
        return new URL("http", server.getAddress().getHostAddress(), server.getPort(), path);
    }

    private static RequestFailure refused(int status, String answer) {
        try {
            var error = JsonReader.readObject(answer);
            if (error.get("error") instanceof String what && error.get("remedy") instanceof String remedy) {
                return new RequestFailure(what, status == 401 ? "is this the home of that server?" : remedy, status);
            }
        } catch (JsonException e) {
            return new RequestFailure(
                    "the answer is not this server's: HTTP status " + status, "who listens on that port?", e);
        }
        return new RequestFailure("HTTP status " + status, "see log/relais.log", status);
    }

    private static Map<String, @Nullable Object> object(String answer) throws RequestFailure {
        try {
            return JsonReader.readObject(answer);
        } catch (JsonException e) {
            throw new RequestFailure("the answer is not this server's: " + e.getMessage(), "see log/relais.log", e);
        }
    }
}
