package org.relais.administration.port;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A mail domain in its A-label form (RFC 5890), lower case: letters, digits and hyphens in labels of at most 63, 253
 * octets in all (RFC 1035 §2.3.4).
 */
public record DomainName(String value) {
    private static final int MAX_LENGTH = 253;
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    // A last label of digits only would be an IPv4 address (RFC 1123 §2.1).
    private static final Pattern LABELS = Pattern.compile("(" + LABEL + "\\.)*(?!\\d+$)" + LABEL);

    public DomainName {
        if (value.length() > MAX_LENGTH || !LABELS.matcher(value).matches()) {
            throw new IllegalArgumentException("not a domain: " + value);
        }
    }

    /** Reads what a person typed; U-labels become A-labels. */
    public static DomainName parse(String typed) throws Refusal {
        try {
            return new DomainName(IDN.toASCII(typed).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    "not a domain: " + Printable.of(typed),
                    "write it as example.org: letters, digits and hyphens between dots",
                    e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
