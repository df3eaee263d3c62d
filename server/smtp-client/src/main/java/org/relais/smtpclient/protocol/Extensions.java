package org.relais.smtpclient.protocol;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.relais.model.Reply;

/**
 * What a server announced in its reply to EHLO or LHLO (RFC 5321 §4.1.1.1).
 *
 * @param size the largest content it takes, {@link Long#MAX_VALUE} where it names none (RFC 1870)
 * @param mechanisms of AUTH, in capitals (RFC 4954)
 * @param limits of RFC 9422
 */
public record Extensions(Set<Keyword> keywords, long size, Set<String> mechanisms, Limits limits) {
    public static final Extensions NONE =
            new Extensions(EnumSet.noneOf(Keyword.class), Long.MAX_VALUE, Set.of(), Limits.NONE);

    /** Extensions without a value of their own. */
    public enum Keyword {
        PIPELINING("PIPELINING"),
        CHUNKING("CHUNKING"),
        EIGHT_BIT("8BITMIME"),
        BINARY("BINARYMIME"),
        SMTPUTF8("SMTPUTF8"),
        SIZE("SIZE"),
        DSN("DSN"),
        STARTTLS("STARTTLS"),
        ENHANCED_STATUS("ENHANCEDSTATUSCODES");

        private final String word;

        Keyword(String word) {
            this.word = word;
        }
    }

    /** {@link Integer#MAX_VALUE} where the server names none (RFC 9422 §4). */
    public record Limits(int mails, int recipients, int domains) {
        public static final Limits NONE = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    public Extensions {
        keywords = Set.copyOf(keywords);
        mechanisms = Set.copyOf(mechanisms);
    }

    public boolean has(Keyword keyword) {
        return keywords.contains(keyword);
    }

    /** What cannot be understood is passed over: it was not announced. */
    public static Extensions of(Reply reply) {
        Set<Keyword> keywords = EnumSet.noneOf(Keyword.class);
        Set<String> mechanisms = new LinkedHashSet<>();
        long size = Long.MAX_VALUE;
        Limits limits = Limits.NONE;
        List<String> lines = reply.lines();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.strip().toUpperCase(Locale.ROOT).split("[ \t]+", -1);
            if (words[0].startsWith("AUTH=")) {
                // What servers said before RFC 4954, and some still say to please old clients.
                words = line.strip().toUpperCase(Locale.ROOT).split("[ =\t]+", -1);
            }
            for (Keyword keyword : Keyword.values()) {
                if (keyword.word.equals(words[0])) {
                    keywords.add(keyword);
                }
            }
            switch (words[0]) {
                case "AUTH" -> mechanisms.addAll(List.of(words).subList(1, words.length));
                case "SIZE" -> size = words.length > 1 ? number(words[1], Long.MAX_VALUE) : Long.MAX_VALUE;
                case "LIMITS" -> limits = limits(words);
                default -> {
                    // an extension that a client needs not know
                }
            }
        }
        return new Extensions(keywords, size, mechanisms, limits);
    }

    private static Limits limits(String[] words) {
        int mails = Integer.MAX_VALUE;
        int recipients = Integer.MAX_VALUE;
        int domains = Integer.MAX_VALUE;
        for (String word : words) {
            String[] pair = word.split("=", 2);
            int most = pair.length < 2 ? Integer.MAX_VALUE : (int) number(pair[1], Integer.MAX_VALUE);
            switch (pair[0]) {
                case "MAILMAX" -> mails = most;
                case "RCPTMAX" -> recipients = most;
                case "RCPTDOMAINMAX" -> domains = most;
                default -> {
                    // a limit that is not known is not one of ours (RFC 9422 §3)
                }
            }
        }
        return new Limits(mails, recipients, domains);
    }

    /** Zero means "no limit" in SIZE (RFC 1870 §4), and is not allowed in LIMITS. */
    private static long number(String digits, long none) {
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return none;
        }
        long value = Long.parseLong(digits);
        return value == 0 ? none : Math.min(value, none);
    }
}
