package org.relais.delivery.engine;

import org.relais.smtpclient.OutgoingContent.Kind;

/** Finds out what a server must be able to take, from octets that come in pieces. For one thread. */
final class ContentKind {
    /** Octets of a line, without its CRLF (RFC 5321 §4.5.3.1.6). */
    static final int LONGEST_LINE = 998;

    private boolean has8Bit;
    private boolean isBinary;
    private boolean afterCr;
    private int line;

    void add(byte[] octets, int from, int length) {
        for (int i = from; i < from + length; i++) {
            byte octet = octets[i];
            if (octet > '\r') {
                if (afterCr || ++line > LONGEST_LINE) {
                    isBinary = true;
                    afterCr = false;
                }
            } else {
                other(octet);
            }
        }
    }

    private void other(byte octet) {
        if (octet == '\n') {
            isBinary |= !afterCr;
            afterCr = false;
            line = 0;
            return;
        }
        isBinary |= afterCr;
        afterCr = octet == '\r';
        if (octet < 0) {
            has8Bit = true;
        }
        isBinary |= octet == 0;
        if (!afterCr) {
            isBinary |= ++line > LONGEST_LINE;
        }
    }

    Kind kind() {
        if (isBinary || afterCr) {
            return Kind.BINARY;
        }
        return has8Bit ? Kind.EIGHT_BIT : Kind.SEVEN_BIT;
    }
}
