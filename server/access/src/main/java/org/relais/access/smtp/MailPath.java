package org.relais.access.smtp;

import java.util.Optional;

/**
 * A reverse-path or forward-path, without its angle brackets and without source route.
 *
 * @param localPart as it was written, quotes included; empty only in the null reverse-path
 * @param domain as it was written, or an address literal with its brackets
 */
public record MailPath(String localPart, String domain) {
    /** {@code <>}. */
    public static final MailPath NULL = new MailPath("", "");

    private static final int MAX_LOCAL_PART = 64;
    private static final int MAX_DOMAIN = 255;
    private static final int MAX_LABEL = 63;
    private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~";

    public boolean isNullReversePath() {
        return localPart.isEmpty();
    }

    /** {@code local-part@domain}; empty for the null reverse-path. */
    public String address() {
        return isNullReversePath() ? "" : localPart + "@" + domain;
    }

    @Override
    public String toString() {
        return "<" + address() + ">";
    }

    /**
     * Reads what stands between the angle brackets (RFC 5321 §4.1.2); a source route is dropped as §4.1.1.3 says.
     *
     * @return empty if the syntax is wrong; the null reverse-path and a lone {@code postmaster} are not read here
     */
    public static Optional<MailPath> parse(String text) {
        String mailbox = text;
        if (text.startsWith("@")) {
            int colon = text.indexOf(':');
            if (colon < 0) {
                return Optional.empty();
            }
            mailbox = text.substring(colon + 1);
        }
        int at = endOfLocalPart(mailbox);
        if (at <= 0 || at >= mailbox.length() - 1 || mailbox.charAt(at) != '@' || at > MAX_LOCAL_PART) {
            return Optional.empty();
        }
        String domain = mailbox.substring(at + 1);
        if (!isAddressLiteral(domain) && !isDomain(domain)) {
            return Optional.empty();
        }
        return Optional.of(new MailPath(mailbox.substring(0, at), domain));
    }

    private static int endOfLocalPart(String mailbox) {
        return mailbox.startsWith("\"") ? endOfQuotedString(mailbox) : endOfDotString(mailbox);
    }

    private static int endOfQuotedString(String text) {
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i == 1 ? -1 : i + 1 < text.length() ? i + 1 : -1;
            }
            if (c == '\\') {
                i++;
            }
            if (i >= text.length() || text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return -1;
            }
        }
        return -1;
    }

    private static int endOfDotString(String text) {
        boolean atomMustFollow = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '@') {
                return atomMustFollow ? -1 : i;
            }
            if (c == '.') {
                if (atomMustFollow) {
                    return -1;
                }
                atomMustFollow = true;
            } else if (isLetterOrDigit(c) || ATEXT.indexOf(c) >= 0) {
                atomMustFollow = false;
            } else {
                return -1;
            }
        }
        return -1;
    }

    /** Underscores are let through: they stand in names of real hosts. */
    static boolean isDomain(String text) {
        if (text.length() > MAX_DOMAIN) {
            return false;
        }
        int labelStart = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '.') {
                if (!isLabel(text, labelStart, i)) {
                    return false;
                }
                labelStart = i + 1;
            }
        }
        return true;
    }

    private static boolean isLabel(String text, int start, int end) {
        if (end == start || end - start > MAX_LABEL || text.charAt(start) == '-' || text.charAt(end - 1) == '-') {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    static boolean isAddressLiteral(String text) {
        return text.length() > 2
                && text.length() <= MAX_DOMAIN
                && text.startsWith("[")
                && text.endsWith("]")
                && text.substring(1, text.length() - 1).chars().allMatch(MailPath::isLiteralCharacter);
    }

    private static boolean isLiteralCharacter(int c) {
        return isLetterOrDigit((char) c) || c == '.' || c == ':' || c == '-';
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
