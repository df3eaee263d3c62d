package org.relais.dns;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/** Domain names as DNS is asked for them. Pure. */
public final class DomainName {
    private static final int LONGEST = 253;
    private static final int LONGEST_LABEL = 63;
    private static final String ACE_PREFIX = "xn--";

    private DomainName() {}

    /**
     * The name in A-labels and lower case, without a last dot; empty if it can be no name in DNS. Labels of other
     * letters than ASCII's are encoded as RFC 5891 §5 asks of a look-up, without the tests of code points that belong to
     * registration: what is not allowed there is not found in DNS.
     */
    public static Optional<String> ascii(String name) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (bare.isEmpty() || bare.length() > LONGEST) {
            return Optional.empty();
        }
        StringBuilder ascii = new StringBuilder(bare.length() + 16);
        for (String label : bare.split("\\.", -1)) {
            Optional<String> encoded = label(label);
            if (encoded.isEmpty()) {
                return Optional.empty();
            }
            ascii.append(ascii.isEmpty() ? "" : ".").append(encoded.get());
        }
        return ascii.length() > LONGEST ? Optional.empty() : Optional.of(ascii.toString());
    }

    private static Optional<String> label(String label) {
        String text = label.toLowerCase(Locale.ROOT);
        if (text.chars().anyMatch(c -> c > 0x7F)) {
            String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
            Optional<String> encoded = isLetterDigitHyphen(composed) ? Punycode.encode(composed) : Optional.empty();
            text = encoded.map(ACE_PREFIX::concat).orElse("");
        }
        boolean fits = !text.isEmpty() && text.length() <= LONGEST_LABEL && isLetterDigitHyphen(text);
        return fits ? Optional.of(text) : Optional.empty();
    }

    /** An underscore too: names of hosts have none (RFC 1123 §2.1), but DNS has names with one, and MX hosts do. */
    private static boolean isLetterDigitHyphen(String text) {
        return text.codePoints()
                .allMatch(c -> c > 0x7F
                        ? Character.isDefined(c) && !isSurrogate(c)
                        : Character.isLetterOrDigit(c) || c == '-' || c == '_');
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
