package org.relais.access.smtp;

import java.nio.ByteBuffer;

/** Finds CR and LF. Looks at eight octets at once, for most of what arrives is neither. */
final class LineEnds {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long CRS = '\r' * ONES;
    private static final long LFS = '\n' * ONES;

    private LineEnds() {}

    /** The index of the first CR or LF from {@code from} on; {@code limit} if there is none before it. */
    static int next(ByteBuffer octets, int from, int limit) {
        int at = from;
        while (at <= limit - Long.BYTES) {
            long word = octets.getLong(at);
            if ((zeros(word ^ CRS) | zeros(word ^ LFS)) != 0) {
                break;
            }
            at += Long.BYTES;
        }
        while (at < limit && octets.get(at) != '\r' && octets.get(at) != '\n') {
            at++;
        }
        return at;
    }

    /** Not 0 exactly if one of the eight octets is 0 (Warren, Hacker's Delight, §6-1). */
    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }
}
