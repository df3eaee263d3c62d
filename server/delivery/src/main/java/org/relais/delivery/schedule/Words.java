package org.relais.delivery.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as decisions tell them. */
final class Words {
    private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter ANOTHER_DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final int LONGEST_CAUSE = 160;

    private Words() {}

    /** {@code 14:05}, with its date where that is not today. */
    static String time(Instant instant, Instant now, ZoneId zone) {
        ZonedDateTime time = instant.atZone(zone);
        boolean isToday = time.toLocalDate().equals(now.atZone(zone).toLocalDate());
        return time.format(isToday ? TODAY : ANOTHER_DAY);
    }

    /** {@code 90s}, {@code 5m}, {@code 2h}: in the largest unit that is exact. */
    static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds == 0 || duration.toNanosPart() != 0) {
            return duration.toMillis() + "ms";
        }
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    static String cause(String text) {
        return text.length() > LONGEST_CAUSE ? text.substring(0, LONGEST_CAUSE) + "…" : text;
    }
}
