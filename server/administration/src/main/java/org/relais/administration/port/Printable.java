package org.relais.administration.port;

/** Foreign text made fit for one line of a message or a log. */
public final class Printable {
    private static final int MAX_LENGTH = 200;

    private Printable() {}

    /** The text with control characters replaced and cut to 200 characters. */
    public static String of(String text) {
        var line = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) ? '?' : c);
        }
        return text.length() > MAX_LENGTH ? line + "…" : line.toString();
    }
}
