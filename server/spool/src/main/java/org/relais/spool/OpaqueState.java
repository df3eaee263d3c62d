package org.relais.spool;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the holder of an envelope wants to remember with it: attributes, the step it reached. Bytes that the spool
 * never looks into, at most {@value #MAX_BYTES}. Immutable.
 */
public final class OpaqueState {
    public static final int MAX_BYTES = 256 * 1024;
    public static final OpaqueState EMPTY = new OpaqueState(new byte[0]);

    private final byte[] bytes;
    /** What was read of the bytes last. Two threads may read the same at once: both get it right. */
    private @Nullable Object known;

    private OpaqueState(byte[] bytes) {
        this.bytes = bytes;
    }

    public static OpaqueState of(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("state must be at most " + MAX_BYTES + " bytes, was " + bytes.length);
        }
        return bytes.length == 0 ? EMPTY : new OpaqueState(bytes.clone());
    }

    public static OpaqueState ofText(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * What {@code reader} makes of it, which must be immutable; kept, because several ask in turn.
     *
     * @throws IllegalArgumentException as {@code reader} does
     */
    public <T> T as(Class<T> type, Function<OpaqueState, T> reader) {
        Object before = known;
        if (type.isInstance(before)) {
            return type.cast(before);
        }
        T read = reader.apply(this);
        known = read;
        return read;
    }

    public int size() {
        return bytes.length;
    }

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OpaqueState that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes of state";
    }
}
