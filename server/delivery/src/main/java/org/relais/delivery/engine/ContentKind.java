package org.relais.delivery.engine;

import org.relais.smtpclient.OutgoingContent.Kind;

/**
 * Finds out what a server must be able to take, from octets that come in pieces. Lines of more than 998 octets are let
 * through: they are forbidden (RFC 5321 §4.5.3.1.6), usual, and taken nearly everywhere. A bare CR or LF is not: one
 * server's bare LF is another's end of the mail. For one thread.
 */
final class ContentKind {
    private boolean has8Bit;
    private boolean isBinary;
    private boolean afterCr;

    void add(byte[] octets, int from, int length) {
        for (int i = from; i < from + length; i++) {
            byte octet = octets[i];
            if (octet > '\r') {
                if (afterCr) {
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
