package org.relais.access.smtp;

import java.util.Locale;
import java.util.regex.Pattern;

/** The argument of BDAT (RFC 3030 §2). */
record ChunkArgument(long octets, boolean isLast) {
    /** 18 digits fit into a long. */
    private static final Pattern SIZE = Pattern.compile("[0-9]{1,18}");

    /**
     * Where the size cannot be read, nobody knows where the chunk ends and the next command begins: the session must
     * end, or the content could speak to us.
     */
    static ChunkArgument parse(String argument) throws Refused {
        String[] words = argument.split(" +");
        boolean isLast = words.length == 2 && "LAST".equals(words[1].toUpperCase(Locale.ROOT));
        if (words.length > (isLast ? 2 : 1) || !SIZE.matcher(words[0]).matches()) {
            throw new Refused(521, "5.5.4", "Syntax: BDAT size [LAST]; closing connection");
        }
        return new ChunkArgument(Long.parseLong(words[0]), isLast);
    }
}
