package org.relais.administration.command;

import java.util.regex.Pattern;

/** Words as a POSIX shell reads them, for lines that are printed to be typed. */
final class Shell {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private Shell() {}

    static String quote(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
