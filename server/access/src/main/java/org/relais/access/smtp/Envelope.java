package org.relais.access.smtp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.relais.spool.mail.DsnRequest;

/** The envelope of the mail transaction that is open. Used by one thread at a time. */
final class Envelope {
    private final MailPath reversePath;
    private final MailParameters.Declared declared;
    /** How many RCPT were answered 250: LMTP answers each of them again (RFC 2033 §4.2). */
    private int accepted;

    private final Map<String, Recipient> recipients = new LinkedHashMap<>();
    private boolean anyRefused;

    Envelope(MailPath reversePath, MailParameters.Declared declared) {
        this.reversePath = reversePath;
        this.declared = declared;
    }

    MailPath reversePath() {
        return reversePath;
    }

    MailParameters.Declared declared() {
        return declared;
    }

    private record Recipient(MailPath path, DsnRequest dsn) {}

    /** @param dsn of RCPT; that of MAIL is in {@link #declared} */
    void accept(MailPath forwardPath, DsnRequest dsn) {
        accepted++;
        recipients.putIfAbsent(
                forwardPath.localPart() + "@" + forwardPath.domain().toLowerCase(Locale.ROOT),
                new Recipient(forwardPath, declared.dsn().forRecipient(dsn.notifyWhen(), dsn.orcpt())));
    }

    void refusedOne() {
        anyRefused = true;
    }

    boolean hasRefusedOne() {
        return anyRefused;
    }

    int accepted() {
        return accepted;
    }

    /** Each once, in the client's order. */
    List<MailPath> forwardPaths() {
        return recipients.values().stream().map(Recipient::path).toList();
    }

    /** One for each of {@link #forwardPaths}. */
    List<DsnRequest> dsnRequests() {
        return recipients.values().stream().map(Recipient::dsn).toList();
    }

    List<String> forwardAddresses() {
        List<String> addresses = new ArrayList<>(recipients.size());
        recipients.values().forEach(recipient -> addresses.add(recipient.path().address()));
        return addresses;
    }
}
