package org.relais.delivery.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.relais.smtpclient.OutgoingContent.Kind;

/**
 * Finds out what a server must be able to take, from octets that come in pieces. Lines of more than 998 octets are let
 * through: they are forbidden (RFC 5321 §4.5.3.1.6), usual, and taken nearly everywhere. A bare CR or LF is not: one
 * server's bare LF is another's end of the mail. For one thread.
 */
final class ContentKind {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long BEHIND_CR = ('\r' + 1) * 0x0101010101010101L;

    private boolean has8Bit;
    private boolean isBinary;
    private boolean afterCr;

    void add(byte[] octets, int from, int length) {
        int limit = from + length;
        int at = from;
        while (at < limit) {
            if (!afterCr && at <= limit - Long.BYTES && isPlain((long) WORDS.get(octets, at))) {
                at += Long.BYTES;
                continue;
            }
            for (int end = Math.min(at + Long.BYTES, limit); at < end; at++) {
                add(octets[at]);
            }
        }
    }

    /** Whether all eight octets are ASCII behind CR: nothing to note. */
    private static boolean isPlain(long word) {
        return ((word | (word - BEHIND_CR)) & HIGH_BITS) == 0;
    }

    private void add(byte octet) {
        if (octet > '\r') {
            isBinary |= afterCr;
            afterCr = false;
            return;
        }
        if (octet == '\n') {
            isBinary |= !afterCr;
            afterCr = false;
            return;
        }
        isBinary |= afterCr || octet == 0;
        has8Bit |= octet < 0;
        afterCr = octet == '\r';
    }

    Kind kind() {
        if (isBinary || afterCr) {
            return Kind.BINARY;
        }
        return has8Bit ? Kind.EIGHT_BIT : Kind.SEVEN_BIT;
    }
}
