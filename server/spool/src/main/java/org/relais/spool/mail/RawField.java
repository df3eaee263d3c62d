package org.relais.spool.mail;

/**
 * One header field as it stands in a message.
 *
 * @param octets its lines with their line ends, each char an octet; the very last of a message may lack one
 */
public record RawField(String octets) {

    /** What stands before the colon, without white space around it; the whole line if there is no colon. */
    public String name() {
        int colon = octets.indexOf(':');
        return (colon < 0 ? octets : octets.substring(0, colon)).trim();
    }

    /** Whether it has a name. What has none is kept where it stands, and is nothing that a header can be asked for. */
    public boolean isField() {
        return octets.indexOf(':') > 0 && !name().isEmpty();
    }

    public boolean isNamed(String name) {
        return name().equalsIgnoreCase(name);
    }

    /** What follows the colon and the white space behind it, folded as it is. */
    public String value() {
        String line = line();
        int start = line.indexOf(':') + 1;
        while (start > 0 && start < line.length() && Character.isWhitespace(line.charAt(start))) {
            start++;
        }
        return line.substring(start);
    }

    /** The lines without the last line end. */
    public String line() {
        return octets.substring(0, octets.length() - lineEnd().length());
    }

    RawField withValue(String name, String value) {
        int colon = octets.indexOf(':');
        String start = colon < 0 ? name + ":" : octets.substring(0, colon + 1);
        return new RawField(start + " " + value + lineEnd());
    }

    /** With a line end, if it had none. */
    RawField ended() {
        return lineEnd().isEmpty() ? new RawField(octets + "\r\n") : this;
    }

    private String lineEnd() {
        if (octets.endsWith("\r\n")) {
            return "\r\n";
        }
        return octets.endsWith("\n") ? "\n" : "";
    }
}
