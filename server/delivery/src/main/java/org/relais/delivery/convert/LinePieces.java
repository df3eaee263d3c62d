package org.relais.delivery.convert;

/**
 * Cuts octets into lines, and long lines into pieces. A line ends with CRLF and nothing else. For one thread.
 */
final class LinePieces {
    /** Longer than any delimiter that is recognized. */
    static final int LONGEST = 1024;

    private final Taker taker;
    private final byte[] piece = new byte[LONGEST];
    private int length;
    private long at;
    private boolean isFirst = true;

    LinePieces(Taker taker) {
        this.taker = taker;
    }

    /** Who takes the pieces, in their order. */
    interface Taker {
        void take(Piece piece);
    }

    /**
     * @param octets without the CRLF; overwritten when the taker returns
     * @param at where it begins in the content
     * @param isFirst whether a line begins with it
     * @param isEnded whether CRLF comes behind it
     * @param isLast whether nothing comes behind it
     */
    record Piece(byte[] octets, int length, long at, boolean isFirst, boolean isEnded, boolean isLast) {
        boolean isWholeLine() {
            return isFirst && (isEnded || isLast);
        }

        /** Where what comes behind it begins. */
        long end() {
            return at + length + (isEnded ? 2 : 0);
        }
    }

    void add(byte[] octets, int from, int count) {
        for (int i = from; i < from + count; i++) {
            byte octet = octets[i];
            if (octet == '\n' && length > 0 && piece[length - 1] == '\r') {
                length--;
                give(true, false);
                continue;
            }
            if (length == LONGEST) {
                makeRoom();
            }
            piece[length++] = octet;
        }
    }

    /** Returns the size of the content. */
    long end() {
        if (length > 0) {
            give(false, true);
        }
        return at;
    }

    /** A CR stays: the LF may come. */
    private void makeRoom() {
        boolean keepsCr = piece[length - 1] == '\r';
        length -= keepsCr ? 1 : 0;
        give(false, false);
        if (keepsCr) {
            piece[length++] = '\r';
        }
    }

    private void give(boolean isEnded, boolean isLast) {
        Piece given = new Piece(piece, length, at, isFirst, isEnded, isLast);
        at = given.end();
        length = 0;
        isFirst = isEnded;
        taker.take(given);
    }
}
