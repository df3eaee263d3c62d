package org.relais.access.smtp;

/**
 * Tells from a content's first octets whether it begins with a header field.
 *
 * <p>Where it does not (the course book's two lines of text, a line that begins with a blank), the trace field put on
 * top must be closed with an empty line, or the text would count as header.
 */
final class FirstLine {
    private static final int LONGEST_NAME = 998;

    private enum State {
        START,
        NAME,
        BLANK,
        DECIDED
    }

    private State state = State.START;
    private boolean separatorNeeded = true;
    private int seen;

    /** Looks at the next octet. @return whether the answer stands */
    boolean decide(byte octet) {
        seen++;
        switch (state) {
            case START:
                if (octet == '\r') {
                    answer(false);
                } else if (isNameOctet(octet)) {
                    state = State.NAME;
                } else {
                    answer(true);
                }
                break;
            case NAME:
                if (octet == ':') {
                    answer(false);
                } else if (octet == ' ' || octet == '\t') {
                    state = State.BLANK;
                } else if (!isNameOctet(octet) || seen > LONGEST_NAME) {
                    answer(true);
                }
                break;
            case BLANK:
                if (octet == ':') {
                    answer(false);
                } else if ((octet != ' ' && octet != '\t') || seen > LONGEST_NAME) {
                    answer(true);
                }
                break;
            case DECIDED:
                break;
        }
        return isDecided();
    }

    boolean isDecided() {
        return state == State.DECIDED;
    }

    /** Before the answer stands: what holds if the content ended here. */
    boolean isSeparatorNeeded() {
        return separatorNeeded;
    }

    private void answer(boolean separator) {
        separatorNeeded = separator;
        state = State.DECIDED;
    }

    private static boolean isNameOctet(byte octet) {
        return octet > ' ' && octet < 127 && octet != ':';
    }
}
