package org.relais.smtpclient.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.relais.model.EnhancedStatus;
import org.relais.smtpclient.OutgoingContent;
import org.relais.smtpclient.Transaction;
import org.relais.smtpclient.protocol.Extensions.Keyword;

/** Whether a server can take a mail unaltered; nothing is ever converted here. */
public final class Capabilities {
    private static final EnhancedStatus NOT_CONVERTED = new EnhancedStatus(5, 6, 3);
    private static final EnhancedStatus NO_SMTPUTF8 = new EnhancedStatus(5, 6, 7);
    private static final EnhancedStatus TOO_LARGE = new EnhancedStatus(5, 3, 4);
    private static final EnhancedStatus BAD_REVERSE_PATH = new EnhancedStatus(5, 1, 7);
    private static final EnhancedStatus BAD_FORWARD_PATH = new EnhancedStatus(5, 1, 3);
    private static final EnhancedStatus BAD_PARAMETER = new EnhancedStatus(5, 5, 4);

    private Capabilities() {}

    /** Why a mail cannot be sent. */
    public record Obstacle(EnhancedStatus status, String text) {}

    /** @param host as people know it, for the text */
    public static Optional<Obstacle> obstacle(Transaction mail, Extensions server, String host) {
        Optional<Obstacle> syntax = syntax(mail);
        if (syntax.isPresent()) {
            return syntax;
        }
        OutgoingContent.Kind kind = mail.content().kind();
        if (kind == OutgoingContent.Kind.EIGHT_BIT && !server.has(Keyword.EIGHT_BIT)) {
            return obstacle(NOT_CONVERTED, host + " does not take 8-bit content (8BITMIME)");
        }
        if (kind == OutgoingContent.Kind.BINARY && !(server.has(Keyword.BINARY) && server.has(Keyword.CHUNKING))) {
            return obstacle(NOT_CONVERTED, host + " does not take binary content (BINARYMIME and CHUNKING)");
        }
        if (!server.has(Keyword.SMTPUTF8) && (mail.needsSmtpUtf8() || hasAddressBeyondAscii(mail))) {
            return obstacle(NO_SMTPUTF8, host + " does not take internationalized mail (SMTPUTF8)");
        }
        if (server.size() < mail.content().size()) {
            return obstacle(
                    TOO_LARGE,
                    host + " takes at most " + server.size() + " octets, the content has "
                            + mail.content().size());
        }
        return Optional.empty();
    }

    /** How many recipients, from the first, one transaction may name (RFC 9422 §4.2, §4.3); at least one. */
    public static int recipients(Transaction mail, Extensions.Limits limits) {
        List<Transaction.Recipient> all = mail.recipients();
        if (limits.domains() == Integer.MAX_VALUE) {
            return Math.min(all.size(), limits.recipients());
        }
        Set<String> domains = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            String path = all.get(i).forwardPath();
            domains.add(path.substring(path.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT));
            if (i >= limits.recipients() || domains.size() > limits.domains()) {
                return i;
            }
        }
        return all.size();
    }

    private static Optional<Obstacle> syntax(Transaction mail) {
        if (hasControl(mail.reversePath(), false)) {
            return obstacle(BAD_REVERSE_PATH, "the reverse-path holds a control character");
        }
        if (hasControl(mail.ret(), true) || hasControl(mail.envid(), true)) {
            return obstacle(BAD_PARAMETER, "RET or ENVID holds a space or a control character");
        }
        for (Transaction.Recipient recipient : mail.recipients()) {
            if (hasControl(recipient.forwardPath(), false)
                    || recipient.forwardPath().isEmpty()) {
                return obstacle(BAD_FORWARD_PATH, "a forward-path is empty or holds a control character");
            }
            if (hasControl(recipient.notifyWhen(), true) || hasControl(recipient.orcpt(), true)) {
                return obstacle(BAD_PARAMETER, "NOTIFY or ORCPT holds a space or a control character");
            }
        }
        return Optional.empty();
    }

    private static Optional<Obstacle> obstacle(EnhancedStatus status, String text) {
        return Optional.of(new Obstacle(status, text));
    }

    /** What would end the command, or the parameter, and begin another. */
    static boolean hasControl(String text, boolean orSpace) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 127 || (orSpace && c == ' ')) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasAddressBeyondAscii(Transaction mail) {
        if (isBeyondAscii(mail.reversePath())) {
            return true;
        }
        for (Transaction.Recipient recipient : mail.recipients()) {
            if (isBeyondAscii(recipient.forwardPath())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBeyondAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return true;
            }
        }
        return false;
    }
}
