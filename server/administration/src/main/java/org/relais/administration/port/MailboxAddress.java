package org.relais.administration.port;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The address of a user or an alias: a local part in dot-string form (RFC 5321 §4.1.2) and a domain, both in lower case,
 * as the user base keeps them. Deviation: a quoted local part is refused; no account needs one.
 */
public record MailboxAddress(String localPart, DomainName domain) {
    private static final int MAX_LOCAL_PART = 64; // RFC 5321 §4.5.3.1.1
    private static final Pattern DOT_STRING =
            Pattern.compile("[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*");

    public MailboxAddress {
        if (localPart.length() > MAX_LOCAL_PART
                || !DOT_STRING.matcher(localPart).matches()) {
            throw new IllegalArgumentException("not a local part: " + localPart);
        }
    }

    /** Reads what a person typed. */
    public static MailboxAddress parse(String typed) throws Refusal {
        int at = typed.lastIndexOf('@');
        if (at < 0) {
            throw invalid(typed, "write the whole address, as alice@example.org");
        }
        var domain = DomainName.parse(typed.substring(at + 1));
        try {
            return new MailboxAddress(typed.substring(0, at).toLowerCase(Locale.ROOT), domain);
        } catch (IllegalArgumentException e) {
            throw invalid(typed, "the part before the @ takes letters, digits and .!#$%&'*+/=?^_`{|}~- up to 64");
        }
    }

    private static Refusal invalid(String typed, String remedy) {
        return new Refusal(Refusal.Kind.INVALID, "not an address: " + Printable.of(typed), remedy);
    }

    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
