package org.relais.testkit.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.Transcript;
import org.relais.testkit.wire.Wire;

/** The server's side of AUTH PLAIN and AUTH LOGIN, with and without initial response (RFC 4954 §4). */
final class Credentials {
    private static final int MAX_LINE = 12_288;

    record Pair(String user, String password) {}

    private final Wire wire;
    private final Transcript transcript;
    private final Duration idle;

    Credentials(Wire wire, Transcript transcript, Duration idle) {
        this.wire = wire;
        this.transcript = transcript;
        this.idle = idle;
    }

    /** Empty when the mechanism is unknown or the exchange is not base64. */
    Optional<Pair> read(String argument) throws IOException {
        String[] words = argument.split(" ", 2);
        try {
            return switch (words[0].toUpperCase(Locale.ROOT)) {
                case "PLAIN" -> plain(words.length > 1 ? decode(words[1]) : ask(""));
                case "LOGIN" -> {
                    String user = words.length > 1 ? decode(words[1]) : ask("Username:");
                    yield Optional.of(new Pair(user, ask("Password:")));
                }
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Pair> plain(String response) {
        String[] parts = response.split("\0", -1);
        return parts.length == 3 ? Optional.of(new Pair(parts[1], parts[2])) : Optional.empty();
    }

    private String ask(String prompt) throws IOException {
        String line = "334 " + Base64.getEncoder().encodeToString(prompt.getBytes(StandardCharsets.UTF_8));
        transcript.server(line);
        wire.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        String answer = wire.readLine(MAX_LINE, Deadline.in(idle)).orElse("");
        transcript.client("(base64)");
        return decode(answer);
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64.trim()), StandardCharsets.UTF_8);
    }
}
