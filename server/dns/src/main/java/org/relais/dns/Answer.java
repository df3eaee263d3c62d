package org.relais.dns;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.xbill.DNS.Record;

/**
 * What a question came to, and how long that may be believed.
 *
 * @param records what was found; empty for every other kind
 * @param why for people, of a failure; empty otherwise
 */
record Answer(Kind kind, List<Record> records, String why, Duration ttl) {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofDays(1);
    /** RFC 2308 §5 allows one to three hours; a domain whose MX was forgotten should not wait that long. */
    private static final Duration MOST_NEGATIVE = Duration.ofMinutes(15);
    /** RFC 2308 §7.1 allows five minutes; a failure is asked about again soon, but not by each mail. */
    private static final Duration OF_FAILURE = Duration.ofSeconds(5);

    enum Kind {
        FOUND,
        NO_DATA,
        NO_DOMAIN,
        FAILED
    }

    Answer {
        records = List.copyOf(records);
    }

    static Answer found(List<Record> records, long ttl) {
        return new Answer(Kind.FOUND, records, "", within(ttl, MOST));
    }

    static Answer noData(long ttl) {
        return new Answer(Kind.NO_DATA, List.of(), "", within(ttl, MOST_NEGATIVE));
    }

    static Answer noDomain(long ttl) {
        return new Answer(Kind.NO_DOMAIN, List.of(), "", within(ttl, MOST_NEGATIVE));
    }

    static Answer failed(String why) {
        return new Answer(Kind.FAILED, List.of(), why, OF_FAILURE);
    }

    private static Duration within(long seconds, Duration most) {
        Duration ttl = Duration.ofSeconds(seconds);
        return ttl.compareTo(LEAST) < 0 ? LEAST : ttl.compareTo(most) > 0 ? most : ttl;
    }

    /** The same, believed no longer than what led to it. */
    Answer atMost(Duration most) {
        return ttl.compareTo(most) <= 0 ? this : new Answer(kind, records, why, within(most.toSeconds(), MOST));
    }

    <T> Lookup<T> as(Function<Record, T> reading) {
        return switch (kind) {
            case FOUND -> new Lookup.Found<>(records.stream().map(reading).collect(Collectors.toList()));
            case NO_DATA -> new Lookup.NoData<>();
            case NO_DOMAIN -> new Lookup.NoDomain<>();
            case FAILED -> new Lookup.Failed<>(why);
        };
    }
}
