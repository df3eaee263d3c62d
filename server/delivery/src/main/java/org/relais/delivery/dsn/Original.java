package org.relais.delivery.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;

/** As much of the mail that a DSN is about as the DSN gives back: all of it, or its header. Each char is an octet. */
public final class Original {
    private static final int LONGEST_HEADER = 64 * 1024;
    /** RFC 5322 §2.1.1. */
    private static final int LONGEST_LINE = 998;

    private final String header;
    private final Optional<String> whole;

    private Original(String header, Optional<String> whole) {
        this.header = header;
        this.whole = whole;
    }

    /**
     * Reads the header, of which {@value #LONGEST_HEADER} octets are kept, and the rest if it is given back.
     *
     * @param isWhole whether more than the header is wanted
     */
    public static Original read(InputStream content, long size, boolean isWhole, int mostReturned) throws IOException {
        BufferedInputStream in = new BufferedInputStream(content);
        if (isWhole && size <= mostReturned) {
            String all = new String(in.readNBytes(mostReturned), ISO_8859_1);
            return new Original(headerOf(all), sendable(all));
        }
        return new Original(headerOf(new String(in.readNBytes(LONGEST_HEADER), ISO_8859_1)), Optional.empty());
    }

    /** Up to its last whole line, if its end is not there. */
    private static String headerOf(String text) {
        if (text.startsWith("\r\n")) {
            return "";
        }
        int end = text.indexOf("\r\n\r\n");
        int last = end < 0 ? text.lastIndexOf("\r\n") : end;
        return last < 0 ? "" : text.substring(0, last + 2);
    }

    /** What has lines that only BDAT carries cannot stand in a DSN, which may go anywhere. */
    private static Optional<String> sendable(String text) {
        return text.indexOf('\0') < 0 && text.lines().allMatch(line -> line.length() <= LONGEST_LINE)
                ? Optional.of(text)
                : Optional.empty();
    }

    String header() {
        return header;
    }

    /** Empty: the header alone is given back. */
    Optional<String> whole() {
        return whole;
    }

    /** The unfolded value of the first field of that name. */
    Optional<String> field(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        StringBuilder value = null;
        for (String line : header.split("\r\n", -1)) {
            boolean isContinued = line.startsWith(" ") || line.startsWith("\t");
            if (value != null && !isContinued) {
                break;
            }
            if (value != null) {
                value.append(line);
            } else if (line.regionMatches(true, 0, start, 0, start.length())) {
                value = new StringBuilder(line.substring(start.length()));
            }
        }
        return Optional.ofNullable(value).map(text -> text.toString().strip());
    }
}
