package org.relais.administration.rest;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.administration.port.Printable;
import org.relais.administration.port.Refusal;

/** Reads durations as {@code 90s}, {@code 30m}, {@code 12h}, {@code 5d} or ISO 8601 has them, and ends of a time. */
final class PointInTime {
    private static final Pattern SHORT_DURATION = Pattern.compile("([0-9]{1,9})([smhd])");
    private static final Duration FARTHEST = Duration.ofDays(3660);

    private PointInTime() {}

    /** @param name what it is, for the refusal */
    static Duration duration(String name, String text) throws Refusal {
        Matcher matcher = SHORT_DURATION.matcher(text);
        try {
            if (!matcher.matches()) {
                return Duration.parse(text).abs();
            }
            long count = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        } catch (DateTimeException | ArithmeticException e) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    name + ": '" + Printable.of(text) + "' is not a duration",
                    "write 90s, 30m, 12h, 5d, or ISO 8601 such as PT30M",
                    e);
        }
    }

    /** A time to come: so long from now, or a time with its offset (RFC 3339). */
    static Instant end(String name, String text, Instant now) throws Refusal {
        Instant end;
        try {
            end = text.matches(".*[0-9]T[0-9].*")
                    ? OffsetDateTime.parse(text).toInstant()
                    : now.plus(duration(name, text));
        } catch (DateTimeException | ArithmeticException e) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    name + ": '" + Printable.of(text) + "' is no time",
                    "write 2h, or 2026-11-24T06:00Z, or 2026-11-24T07:00+01:00",
                    e);
        }
        if (!end.isAfter(now) || end.isAfter(now.plus(FARTHEST))) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    name + ": " + end + (end.isAfter(now) ? " is too far away" : " is not to come"),
                    "leave it out for no end");
        }
        return end;
    }
}
