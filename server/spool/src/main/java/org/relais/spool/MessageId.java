package org.relais.spool;

import java.util.Locale;

/** Names the bytes of one message within one spool. Numbers are never used twice for committed messages. */
public record MessageId(long value) implements Comparable<MessageId> {

    @Override
    public int compareTo(MessageId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "m%d", value);
    }
}
