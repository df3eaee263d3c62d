package org.relais.delivery.reply;

import static org.relais.delivery.reply.ReplyClass.AUTHENTICATION;
import static org.relais.delivery.reply.ReplyClass.CONNECTION;
import static org.relais.delivery.reply.ReplyClass.CONTENT;
import static org.relais.delivery.reply.ReplyClass.GREYLISTED;
import static org.relais.delivery.reply.ReplyClass.MAILBOX_DISABLED;
import static org.relais.delivery.reply.ReplyClass.MAILBOX_FULL;
import static org.relais.delivery.reply.ReplyClass.OTHER;
import static org.relais.delivery.reply.ReplyClass.POLICY;
import static org.relais.delivery.reply.ReplyClass.RATE_LIMITED;
import static org.relais.delivery.reply.ReplyClass.REPUTATION;
import static org.relais.delivery.reply.ReplyClass.ROUTING;
import static org.relais.delivery.reply.ReplyClass.SYSTEM;
import static org.relais.delivery.reply.ReplyClass.TLS;
import static org.relais.delivery.reply.ReplyClass.TOO_LARGE;
import static org.relais.delivery.reply.ReplyClass.UNKNOWN_USER;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.relais.delivery.schedule.Feedback;
import org.relais.model.EnhancedStatus;
import org.relais.model.Reply;

/**
 * Tells what a negative reply means: by its enhanced status code (RFC 3463 §3, RFC 7372, RFC 7505) where that is
 * specific, then by words that Postfix, Exim, Exchange, Gmail, Outlook.com, Yahoo, postgrey and rspamd are known to
 * use, then by the reply code. Words of greylisting, rates and reputation go before the status code, because servers
 * give those with 4.7.1, 4.2.0, 4.2.1 and 5.7.1 alike. For any thread.
 */
public final class ReplyClassifier {
    private record Phrase(ReplyClass means, List<String> words) {}

    /** What servers say under codes that mean something else as well. */
    private static final List<Phrase> BEFORE_CODES = List.of(
            new Phrase(
                    GREYLISTED,
                    List.of("greylist", "graylist", "grey-list", "grey list", "postgrey", "try again in 5 minutes")),
            new Phrase(
                    RATE_LIMITED,
                    List.of(
                            "rate limit",
                            "ratelimit",
                            "rate that",
                            "too many connections",
                            "too many concurrent",
                            "too many messages",
                            "too many mails",
                            "too much mail",
                            "too many recipients received",
                            "connection limit",
                            "throttl",
                            "sending too fast",
                            "server busy")),
            // Exchange says 5.1.10 of an unknown recipient, RFC 7505 of a null MX.
            new Phrase(UNKNOWN_USER, List.of("resolver.adr.recip")),
            new Phrase(
                    REPUTATION,
                    List.of(
                            "blacklist",
                            "blocklist",
                            "block list",
                            "blocked using",
                            "spamhaus",
                            "spamcop",
                            "barracudacentral",
                            "dnsbl",
                            "reputation",
                            "banned sending ip",
                            "unusual rate of unsolicited",
                            "[ts0",
                            "[tss0",
                            "user complaints")));

    private static final Map<String, ReplyClass> CODES = Map.ofEntries(
            Map.entry("1.0", ROUTING),
            Map.entry("1.1", UNKNOWN_USER),
            Map.entry("1.2", ROUTING),
            Map.entry("1.3", UNKNOWN_USER),
            Map.entry("1.4", UNKNOWN_USER),
            Map.entry("1.6", UNKNOWN_USER),
            Map.entry("1.7", POLICY),
            Map.entry("1.8", POLICY),
            Map.entry("1.10", ROUTING),
            Map.entry("2.1", MAILBOX_DISABLED),
            Map.entry("2.2", MAILBOX_FULL),
            Map.entry("2.3", TOO_LARGE),
            Map.entry("3.1", SYSTEM),
            Map.entry("3.2", SYSTEM),
            Map.entry("3.4", TOO_LARGE),
            Map.entry("3.5", SYSTEM),
            Map.entry("4.1", CONNECTION),
            Map.entry("4.2", CONNECTION),
            Map.entry("4.3", ROUTING),
            Map.entry("4.4", ROUTING),
            Map.entry("4.5", RATE_LIMITED),
            Map.entry("4.6", ROUTING),
            Map.entry("6.1", CONTENT),
            Map.entry("6.2", CONTENT),
            Map.entry("6.3", CONTENT),
            Map.entry("6.6", CONTENT),
            Map.entry("6.7", CONTENT),
            Map.entry("6.9", CONTENT),
            Map.entry("7.8", AUTHENTICATION),
            Map.entry("7.9", AUTHENTICATION),
            Map.entry("7.10", TLS),
            Map.entry("7.11", TLS),
            Map.entry("7.20", POLICY),
            Map.entry("7.21", POLICY),
            Map.entry("7.22", POLICY),
            Map.entry("7.23", POLICY),
            Map.entry("7.24", POLICY),
            Map.entry("7.25", REPUTATION),
            Map.entry("7.26", POLICY),
            Map.entry("7.27", POLICY),
            Map.entry("7.28", RATE_LIMITED));

    private static final List<Phrase> AFTER_CODES = List.of(
            new Phrase(
                    UNKNOWN_USER,
                    List.of(
                            "user unknown",
                            "unknown user",
                            "no such user",
                            "no such recipient",
                            "no such mailbox",
                            "recipient not found",
                            "unknown recipient",
                            "unrouteable address",
                            "does not exist",
                            "doesn't have a",
                            "mailbox unavailable",
                            "mailbox not found",
                            "invalid recipient",
                            "unknown or illegal alias")),
            new Phrase(
                    MAILBOX_FULL,
                    List.of(
                            "quota",
                            "mailbox full",
                            "mailbox is full",
                            "out of storage",
                            "inbox is full",
                            "over limit")),
            new Phrase(
                    MAILBOX_DISABLED,
                    List.of("account disabled", "account is disabled", "mailbox disabled", "inactive", "suspended")),
            new Phrase(
                    TOO_LARGE,
                    List.of("too large", "too big", "size exceeds", "exceeds size", "size limit", "maximum size")),
            new Phrase(TLS, List.of("starttls", "must use tls", "encryption required")),
            new Phrase(AUTHENTICATION, List.of("authentication required", "authentication failed", "auth first")),
            new Phrase(CONTENT, List.of("spam", "virus", "malware", "phish", "content rejected", "message content")),
            new Phrase(
                    POLICY,
                    List.of(
                            "relay",
                            "access denied",
                            "dmarc",
                            "spf",
                            "dkim",
                            "policy",
                            "administrative",
                            "not allowed")),
            new Phrase(
                    SYSTEM,
                    List.of(
                            "insufficient system",
                            "insufficient disk",
                            "local error",
                            "try again later",
                            "temporary")));

    private ReplyClassifier() {}

    public static ReplyClass classify(Reply reply) {
        return classify(reply.status(), reply.code(), reply.text());
    }

    /** @param code of the reply; 0 where there was none */
    public static ReplyClass classify(EnhancedStatus status, int code, String text) {
        String words = text.toLowerCase(Locale.ROOT);
        return find(BEFORE_CODES, words)
                .or(() -> Optional.ofNullable(CODES.get(status.subject() + "." + status.detail())))
                .or(() -> find(AFTER_CODES, words))
                .orElseGet(() -> bySubjectOrCode(status, code));
    }

    private static Optional<ReplyClass> find(List<Phrase> phrases, String words) {
        return phrases.stream()
                .filter(phrase -> phrase.words().stream().anyMatch(words::contains))
                .map(Phrase::means)
                .findFirst();
    }

    private static ReplyClass bySubjectOrCode(EnhancedStatus status, int code) {
        ReplyClass bySubject = switch (status.subject()) {
            case 1 -> UNKNOWN_USER;
            case 2 -> status.statusClass() == 5 ? MAILBOX_DISABLED : OTHER;
            case 3 -> SYSTEM;
            case 4 -> CONNECTION;
            case 6 -> CONTENT;
            case 7 -> POLICY;
            default -> OTHER;
        };
        if (bySubject != OTHER) {
            return bySubject;
        }
        return switch (code) {
            case 0 -> CONNECTION;
            case 421, 451, 452 -> SYSTEM;
            case 530, 535, 538 -> AUTHENTICATION;
            case 550, 551, 553 -> UNKNOWN_USER;
            case 552 -> MAILBOX_FULL;
            default -> OTHER;
        };
    }

    /**
     * What the reply says about its destination: 421, rates and reputation ask for less; other deferrals may; the rest
     * is about this mail or this recipient.
     */
    public static Feedback feedback(Reply reply) {
        if (reply.isPositive()) {
            return new Feedback.Good();
        }
        ReplyClass means = classify(reply);
        boolean isDeferral = !reply.isPermanent();
        if (isDeferral && (reply.code() == 421 || means == RATE_LIMITED || means == REPUTATION)) {
            return new Feedback.Less(reply.text(), true);
        }
        return switch (means) {
            case GREYLISTED, MAILBOX_FULL, MAILBOX_DISABLED, UNKNOWN_USER, TOO_LARGE, CONTENT -> new Feedback.Good();
            default -> isDeferral ? new Feedback.Less(reply.text(), false) : new Feedback.Good();
        };
    }
}
