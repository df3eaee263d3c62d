package org.relais.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which paths a rule is for: {@code *} (all), {@code <>} (the null reverse-path), {@code example.org},
 * {@code *.example.org} (every domain below it, not itself), {@code user@example.org}. Compared without regard to case,
 * in the local part too: two mailboxes that differ only in case are not told apart (RFC 5321 §2.4 warns of them).
 * Domains stand in A-labels.
 *
 * @param text in lower case
 */
public record AddressPattern(String text) {
    public static final AddressPattern ANY = new AddressPattern("*");
    public static final AddressPattern NULL_PATH = new AddressPattern("<>");

    private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final Pattern SYNTAX = Pattern.compile(
            "\\*|<>|([^@\\s<>,*]{1,64}@|\\*\\.)?(DOMAIN)|[^@\\s<>,*]{1,64}@\\[[0-9a-z:.]{1,60}]|\\[[0-9a-z:.]{1,60}]"
                    .replace("DOMAIN", LABEL + "(\\." + LABEL + ")*"));
    private static final int LONGEST = 320;

    /** Empty if it is none of these. */
    public static Optional<AddressPattern> of(String text) {
        String folded = text.toLowerCase(Locale.ROOT);
        return folded.length() <= LONGEST && SYNTAX.matcher(folded).matches()
                ? Optional.of(new AddressPattern(folded))
                : Optional.empty();
    }

    /**
     * Every pattern that a path matches, the most precise first; as many as its domain has labels, and three.
     *
     * @param path without angle brackets; empty for the null reverse-path
     */
    public static List<AddressPattern> matchedBy(String path) {
        if (path.isEmpty()) {
            return List.of(NULL_PATH, ANY);
        }
        String folded = path.toLowerCase(Locale.ROOT);
        int at = folded.lastIndexOf('@');
        List<AddressPattern> patterns = new ArrayList<>();
        if (at >= 0) {
            patterns.add(new AddressPattern(folded));
            addDomain(folded.substring(at + 1), patterns);
        }
        patterns.add(ANY);
        return patterns;
    }

    /** Every pattern that matches all that this one matches, itself included. */
    public List<AddressPattern> covering() {
        if (equals(ANY)) {
            return List.of(ANY);
        }
        List<AddressPattern> patterns = new ArrayList<>();
        patterns.add(this);
        int at = text.lastIndexOf('@');
        if (at >= 0) {
            addDomain(text.substring(at + 1), patterns);
        } else if (text.startsWith("*.")) {
            addAbove(text.substring(2), patterns);
        } else if (!equals(NULL_PATH)) {
            addAbove(text, patterns);
        }
        patterns.add(ANY);
        return patterns;
    }

    private static void addDomain(String domain, List<AddressPattern> patterns) {
        patterns.add(new AddressPattern(domain));
        addAbove(domain, patterns);
    }

    private static void addAbove(String domain, List<AddressPattern> patterns) {
        if (domain.startsWith("[")) {
            return; // an address literal, whose dots separate no labels
        }
        for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
            patterns.add(new AddressPattern("*" + domain.substring(dot)));
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
