package org.relais.delivery.convert;

/**
 * RFC 2045 §6.7: CRLF is a line end and stays one; a bare CR or LF is an octet like NUL. A hyphen or a dot that would
 * begin a line is encoded: a soft line break must not make a delimiter of a multipart, nor the end of the mail.
 */
final class QuotedPrintableEncoder implements Encoder {
    /** Behind these comes the {@code =} of a soft line break. */
    private static final int MOST_COLUMNS = 75;

    private static final String HEX = "0123456789ABCDEF";
    private static final byte NO_BLANK = 0;

    private final OctetSink out;
    private int column;
    private boolean afterCr;
    /** A space or tab that must not end a line. */
    private byte blank = NO_BLANK;

    QuotedPrintableEncoder(OctetSink out) {
        this.out = out;
    }

    @Override
    public void put(byte octet) {
        if (afterCr) {
            afterCr = false;
            if (octet == '\n') {
                encodeBlank();
                out.put('\r');
                out.put('\n');
                column = 0;
                return;
            }
            writeBlank();
            encode('\r');
        }
        if (octet == '\r') {
            afterCr = true;
            return;
        }
        writeBlank();
        if (octet == ' ' || octet == '\t') {
            blank = octet;
        } else if (octet > ' ' && octet < 127 && octet != '=') {
            write(octet);
        } else {
            encode(octet);
        }
    }

    @Override
    public void end() {
        if (afterCr) {
            writeBlank();
            encode('\r');
        } else {
            encodeBlank();
        }
    }

    private void writeBlank() {
        if (blank != NO_BLANK) {
            write(blank);
            blank = NO_BLANK;
        }
    }

    private void encodeBlank() {
        if (blank != NO_BLANK) {
            encode(blank);
            blank = NO_BLANK;
        }
    }

    private void write(int octet) {
        makeRoom(1);
        if (column == 0 && (octet == '-' || octet == '.')) {
            encode(octet);
            return;
        }
        out.put(octet);
        column++;
    }

    private void encode(int octet) {
        makeRoom(3);
        out.put('=');
        out.put(HEX.charAt((octet >> 4) & 15));
        out.put(HEX.charAt(octet & 15));
        column += 3;
    }

    private void makeRoom(int columns) {
        if (column + columns > MOST_COLUMNS) {
            out.put('=');
            out.put('\r');
            out.put('\n');
            column = 0;
        }
    }
}
