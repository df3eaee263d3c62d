package org.relais.spool.mail;

/** Looks for the empty line that ends a header, in octets that come in pieces. For one thread. */
final class HeaderEnd {
    private boolean isEmptyLine = true;
    private boolean wasReturn;
    private boolean isFound;
    private int separatorLength;

    /** How many of the octets belong to the header, its empty line included. */
    int pass(byte[] octets, int count) {
        for (int i = 0; i < count; i++) {
            byte octet = octets[i];
            if (octet == '\n') {
                if (isEmptyLine) {
                    isFound = true;
                    separatorLength = wasReturn ? 2 : 1;
                    return i + 1;
                }
                isEmptyLine = true;
                wasReturn = false;
            } else if (octet == '\r' && isEmptyLine && !wasReturn) {
                wasReturn = true;
            } else {
                isEmptyLine = false;
            }
        }
        return count;
    }

    boolean isFound() {
        return isFound;
    }

    /** 2 for CRLF, 1 for a bare LF. */
    int separatorLength() {
        return separatorLength;
    }
}
