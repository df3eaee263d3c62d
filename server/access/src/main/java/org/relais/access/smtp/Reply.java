package org.relais.access.smtp;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.model.EnhancedStatus;

/**
 * One SMTP reply (RFC 5321 §4.2) with its enhanced status code (RFC 2034), where it has one.
 *
 * @param lines at least one; printable ASCII
 */
public record Reply(int code, @Nullable EnhancedStatus status, List<String> lines) implements Answer {
    private static final EnhancedStatus SUCCESS = new EnhancedStatus(2, 0, 0);

    public Reply {
        lines = List.copyOf(lines);
        if (code < 200 || code > 599 || lines.isEmpty()) {
            throw new IllegalArgumentException("not a reply: " + code + " " + lines);
        }
    }

    /** @param status as {@code 5.5.1} */
    public static Reply of(int code, String status, String text) {
        return new Reply(code, EnhancedStatus.atStartOf(status).orElseThrow(), List.of(text));
    }

    /** 250 2.0.0. */
    static Reply ok(String text) {
        return new Reply(250, SUCCESS, List.of(text));
    }

    /** The replies that RFC 2034 §4 leaves without enhanced status code: greeting, EHLO, 334 and 354. */
    public static Reply plain(int code, String... lines) {
        return new Reply(code, null, List.of(lines));
    }

    public boolean isPositive() {
        return code < 400;
    }

    /** Enhanced status code for logs and events. */
    public Optional<EnhancedStatus> statusIfAny() {
        return Optional.ofNullable(status);
    }

    /** The first line as a log shows it. */
    public String summary() {
        return code + " " + (status == null ? "" : status + " ") + lines.get(0);
    }

    /** Whether the server closes the connection behind it. */
    boolean endsSession() {
        return code == 421 || code == 521;
    }

    /** Appends it as it goes over the wire, with CRLF behind each line. */
    void render(StringBuilder wire) {
        for (int i = 0; i < lines.size(); i++) {
            wire.append(code).append(i == lines.size() - 1 ? ' ' : '-');
            if (status != null) {
                wire.append(status.statusClass())
                        .append('.')
                        .append(status.subject())
                        .append('.')
                        .append(status.detail())
                        .append(' ');
            }
            wire.append(lines.get(i)).append("\r\n");
        }
    }
}
