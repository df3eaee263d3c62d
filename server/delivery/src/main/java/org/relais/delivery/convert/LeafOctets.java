package org.relais.delivery.convert;

import org.relais.delivery.convert.LinePieces.Piece;

/** What the octets of a body need, and what they would grow to. For one thread. */
final class LeafOctets {
    /** RFC 5321 §4.5.3.1.6, without the CRLF. */
    static final int LONGEST_LINE = 998;

    private final boolean isText;
    private final QuotedPrintableEncoder encoder;
    private long quotedPrintable;
    private long octets;
    private long ofLine;
    private boolean has8Bit;
    private boolean isOdd;
    private boolean isLineEndDue;

    LeafOctets(boolean isText) {
        this.isText = isText;
        this.encoder = new QuotedPrintableEncoder(octet -> quotedPrintable++);
    }

    void add(Piece piece) {
        if (isLineEndDue) {
            put((byte) '\r');
            put((byte) '\n');
        }
        if (piece.isFirst()) {
            ofLine = 0;
        }
        ofLine += piece.length();
        isOdd |= ofLine > LONGEST_LINE;
        for (int i = 0; i < piece.length(); i++) {
            byte octet = piece.octets()[i];
            has8Bit |= octet < 0;
            isOdd |= isOdd(octet);
            put(octet);
        }
        isLineEndDue = piece.isEnded();
    }

    /** NUL, and CR or LF by itself. */
    static boolean isOdd(byte octet) {
        return octet == 0 || octet == '\r' || octet == '\n';
    }

    private void put(byte octet) {
        octets++;
        if (isText) {
            encoder.put(octet);
        }
    }

    /** @param isDelimited whether the last line end belongs to a delimiter (RFC 2046 §5.1.1) */
    void end(boolean isDelimited) {
        if (isLineEndDue && !isDelimited) {
            put((byte) '\r');
            put((byte) '\n');
        }
        encoder.end();
    }

    boolean has8Bit() {
        return has8Bit;
    }

    boolean needsEncoding() {
        return has8Bit || isOdd;
    }

    Edit.Encoded encoded(long from, boolean endsContent) {
        return isText
                ? new Edit.Encoded(from, from + octets, Encoding.QUOTED_PRINTABLE, quotedPrintable, endsContent)
                : new Edit.Encoded(
                        from, from + octets, Encoding.BASE64, Base64Encoder.size(octets, endsContent), endsContent);
    }
}
