package org.relais.smtpclient.protocol;

import java.nio.ByteBuffer;

/**
 * A content as DATA carries it (RFC 5321 §4.5.2), piece by piece: a dot at the beginning of a line is doubled, nothing
 * else changes. A piece without such a dot is passed on as it is, any other is copied. One thread at a time.
 */
public final class DotStuffing {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = '\n' * ONES;

    private byte last = '\n';
    private byte beforeLast = '\r';

    /** The piece itself, its position unchanged, or a copy. */
    public ByteBuffer stuff(ByteBuffer piece) {
        int dots = count(piece);
        ByteBuffer out = dots == 0 ? piece : copy(piece, dots);
        int size = piece.remaining();
        int end = piece.limit();
        if (size >= 2) {
            beforeLast = piece.get(end - 2);
            last = piece.get(end - 1);
        } else if (size == 1) {
            beforeLast = last;
            last = piece.get(end - 1);
        }
        return out;
    }

    /** What comes behind the last piece; a content whose last line has no end gets one, as it must. */
    public String end() {
        return last == '\n' && beforeLast == '\r' ? ".\r\n" : "\r\n.\r\n";
    }

    /** Looks for line ends, of which there are fewer than dots, at eight octets at once. */
    private int count(ByteBuffer piece) {
        int from = piece.position();
        int limit = piece.limit();
        int dots = from < limit && piece.get(from) == '.' && isAtLineStart(piece, from) ? 1 : 0;
        int at = from;
        while (at < limit - 1) {
            if (at <= limit - Long.BYTES && !hasLineFeed(piece.getLong(at))) {
                at += Long.BYTES;
                continue;
            }
            for (int end = Math.min(at + Long.BYTES, limit - 1); at < end; at++) {
                if (piece.get(at) == '\n' && piece.get(at + 1) == '.' && isAtLineStart(piece, at + 1)) {
                    dots++;
                }
            }
        }
        return dots;
    }

    /** Warren, Hacker's Delight, §6-1. */
    private static boolean hasLineFeed(long word) {
        long zeroIfLineFeed = word ^ LINE_FEEDS;
        return ((zeroIfLineFeed - ONES) & ~zeroIfLineFeed & HIGH_BITS) != 0;
    }

    private boolean isAtLineStart(ByteBuffer piece, int at) {
        int before = at - piece.position();
        byte one = before >= 1 ? piece.get(at - 1) : last;
        byte two = before >= 2 ? piece.get(at - 2) : before == 1 ? last : beforeLast;
        return one == '\n' && two == '\r';
    }

    private ByteBuffer copy(ByteBuffer piece, int dots) {
        ByteBuffer out = ByteBuffer.allocate(piece.remaining() + dots);
        for (int i = piece.position(); i < piece.limit(); i++) {
            byte octet = piece.get(i);
            if (octet == '.' && isAtLineStart(piece, i)) {
                out.put((byte) '.');
            }
            out.put(octet);
        }
        return out.flip();
    }
}
