package org.relais.access.smtp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The envelope of the mail transaction that is open. Used by one thread at a time. */
final class Envelope {
    private final MailPath reversePath;
    private final MailParameters.Declared declared;
    /** How many RCPT were answered 250: LMTP answers each of them again (RFC 2033 §4.2). */
    private int accepted;

    private final Map<String, MailPath> forwardPaths = new LinkedHashMap<>();
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

    void accept(MailPath forwardPath) {
        accepted++;
        forwardPaths.putIfAbsent(
                forwardPath.localPart() + "@" + forwardPath.domain().toLowerCase(Locale.ROOT), forwardPath);
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
        return List.copyOf(forwardPaths.values());
    }

    List<String> forwardAddresses() {
        List<String> addresses = new ArrayList<>(forwardPaths.size());
        forwardPaths.values().forEach(path -> addresses.add(path.address()));
        return addresses;
    }
}
