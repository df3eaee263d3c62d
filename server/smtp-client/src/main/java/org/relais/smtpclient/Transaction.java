package org.relais.smtpclient;

import java.util.List;

/**
 * One mail for one server.
 *
 * @param reversePath without angle brackets; empty is the null reverse-path
 * @param recipients at least one, in the order in which they are named
 * @param ret {@code FULL} or {@code HDRS} (RFC 3461 §4.3); empty: not given
 * @param envid as it was given, in xtext (RFC 3461 §4.4); empty: not given
 * @param needsSmtpUtf8 whether the sender asked for it (RFC 6531 §3.4), or an address is not ASCII
 */
public record Transaction(
        String reversePath,
        List<Recipient> recipients,
        OutgoingContent content,
        String ret,
        String envid,
        boolean needsSmtpUtf8) {

    public Transaction {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a transaction has a recipient");
        }
    }

    /**
     * @param forwardPath without angle brackets
     * @param notifyWhen {@code NEVER} or a list of {@code SUCCESS,FAILURE,DELAY} (RFC 3461 §4.1); empty: not given
     * @param orcpt {@code rfc822;xtext} (RFC 3461 §4.2), as it was given; empty: not given
     */
    public record Recipient(String forwardPath, String notifyWhen, String orcpt) {}
}
