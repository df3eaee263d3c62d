package org.relais.spool;

import java.util.Locale;

/** Names one envelope within one spool. A later envelope has a greater number. */
public record EnvelopeId(long value) implements Comparable<EnvelopeId> {

    @Override
    public int compareTo(EnvelopeId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "e%d", value);
    }
}
