package org.relais.delivery.convert;

import java.util.Locale;
import java.util.Optional;

/**
 * What {@code Content-Type} says (RFC 2045 §5.1), in lower case.
 *
 * @param boundary of a multipart; empty: none that can be used
 */
record ContentType(String type, String subtype, String boundary) {
    static final ContentType TEXT = new ContentType("text", "plain", "");
    static final ContentType MESSAGE = new ContentType("message", "rfc822", "");

    /** Empty if it cannot be read. */
    static Optional<ContentType> parse(String value) {
        FieldTokens tokens = new FieldTokens(value);
        Optional<String> type = tokens.token();
        Optional<String> subtype = tokens.takes('/') ? tokens.token() : Optional.empty();
        if (type.isEmpty() || subtype.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ContentType(lower(type.get()), lower(subtype.get()), boundary(tokens)));
    }

    boolean isMultipart() {
        return type.equals("multipart");
    }

    /** RFC 1847 §2: what was signed or encrypted as it is. */
    boolean isSecured() {
        return isMultipart() && (subtype.equals("signed") || subtype.equals("encrypted"));
    }

    boolean isMessage() {
        return equals(MESSAGE);
    }

    /** RFC 2045 §6.4: no message has an encoding, but for those of RFC 6532 §3.5 and RFC 6533. */
    boolean isNeverEncoded() {
        return type.equals("message") && !subtype.equals("global") && !subtype.startsWith("global-");
    }

    boolean isText() {
        return type.equals("text");
    }

    @Override
    public String toString() {
        return type + "/" + subtype;
    }

    /** One that is named twice, or in parts (RFC 2231), is none: readers differ about it. */
    private static String boundary(FieldTokens tokens) {
        String found = "";
        while (tokens.takes(';')) {
            if (tokens.isAtEnd()) {
                break;
            }
            Optional<String> name = tokens.token();
            Optional<String> value = name.isPresent() && tokens.takes('=') ? tokens.word() : Optional.empty();
            if (value.isEmpty()) {
                return "";
            }
            if (lower(name.get()).startsWith("boundary")) {
                if (!found.isEmpty() || name.get().length() > "boundary".length()) {
                    return "";
                }
                found = value.get().stripTrailing();
            }
        }
        return tokens.isAtEnd() ? found : "";
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
