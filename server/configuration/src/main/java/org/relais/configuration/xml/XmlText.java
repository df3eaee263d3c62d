package org.relais.configuration.xml;

import org.jspecify.annotations.Nullable;
import org.relais.configuration.Finding;

/** A cursor over the characters of a file that knows its line. One thread at a time. */
final class XmlText {
    private static final int END = -1;

    private final String name;
    private final String text;
    private int position;
    private int line = 1;

    XmlText(String name, String text) {
        this.name = name;
        // XML 1.0 §2.11: every line ending is one LF.
        this.text = text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
    }

    String name() {
        return name;
    }

    int line() {
        return line;
    }

    boolean isAtStart() {
        return position == 0;
    }

    boolean isAtEnd() {
        return position >= text.length();
    }

    /** The character under the cursor, or -1 at the end. */
    int peek() {
        return isAtEnd() ? END : text.charAt(position);
    }

    boolean startsWith(String token) {
        return text.startsWith(token, position);
    }

    /** Steps over {@code token} if it stands here. */
    boolean skip(String token) {
        if (!startsWith(token)) {
            return false;
        }
        advance(token.length());
        return true;
    }

    boolean skipWhiteSpace() {
        int before = position;
        while (isWhiteSpace(peek())) {
            advance(1);
        }
        return position > before;
    }

    /** Takes everything before {@code token} and steps over the token; null if it never comes. */
    @Nullable
    String takeThrough(String token) throws XmlException {
        int end = text.indexOf(token, position);
        if (end < 0) {
            return null;
        }
        String taken = text.substring(position, end);
        checkCharacters(taken);
        advance(taken.length() + token.length());
        return taken;
    }

    /** Takes characters up to the first of {@code stops} or the end. */
    String takeUntilAny(String stops) throws XmlException {
        int end = position;
        while (end < text.length() && stops.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String taken = text.substring(position, end);
        checkCharacters(taken);
        advance(taken.length());
        return taken;
    }

    /** Takes a name; empty if none stands here. */
    String takeName() {
        int end = position;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            if (!(end == position ? isNameStart(c) : isNamePart(c))) {
                break;
            }
            end += Character.charCount(c);
        }
        String taken = text.substring(position, end);
        position = end;
        return taken;
    }

    XmlException malformed(int atLine, String message, String remedy) {
        return new XmlException(Finding.error(name, atLine, message, remedy));
    }

    XmlException malformed(String message, String remedy) {
        return malformed(line, message, remedy);
    }

    /** How the character under the cursor is shown in a message. */
    String shown() {
        int c = peek();
        if (c == END) {
            return "the end of the file";
        }
        return c < ' ' ? (c == '\n' ? "the end of the line" : "a control character") : "'" + (char) c + "'";
    }

    static boolean isWhiteSpace(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /** XML 1.0 §2.2. */
    static boolean isCharacter(int c) {
        return c >= ' ' && c <= 0xD7FF
                || c == '\t'
                || c == '\n'
                || c == '\r'
                || c >= 0xE000 && c <= 0xFFFD
                || c >= 0x10000 && c <= 0x10FFFF;
    }

    private void advance(int count) {
        for (int end = position + count; position < end; position++) {
            if (text.charAt(position) == '\n') {
                line++;
            }
        }
    }

    private void checkCharacters(String taken) throws XmlException {
        int at = line;
        for (int i = 0; i < taken.length(); i++) {
            int c = taken.codePointAt(i);
            if (!isCharacter(c)) {
                throw malformed(
                        at,
                        String.format("the character U+%04X is not allowed in XML", c),
                        "delete it; it does not show in most editors");
            }
            if (c == '\n') {
                at++;
            }
            i += Character.charCount(c) - 1;
        }
    }

    private static boolean isNameStart(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c == '_'
                || c == ':'
                || c >= 0xC0 && Character.isLetter(c);
    }

    private static boolean isNamePart(int c) {
        return isNameStart(c) || c >= '0' && c <= '9' || c == '-' || c == '.' || c == 0xB7;
    }
}
