package org.relais.chain.james;

import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.relais.spool.Claim;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.OpaqueState;
import org.relais.spool.Stage;
import org.relais.spool.james.SpoolMails;
import org.relais.spool.mail.MailState;

/** The details of a branch's envelopes as its mail is now. */
final class StepDetails {
    private final Branch branch;
    private final Function<MailAddress, OpaqueState> states;
    private final Map<MailAddress, MailAddress> recipients;
    private final String reversePath;
    private final boolean rewritten;

    private StepDetails(SpoolMails mails, Branch branch, MailState state, boolean rewritten) {
        Mail mail = branch.mail();
        this.branch = branch;
        this.states = mails.statesFor(mail, state);
        this.recipients = mail.getRecipients().stream()
                .collect(Collectors.toMap(Function.identity(), Function.identity(), (first, second) -> first));
        this.reversePath = mails.reversePath(mail);
        this.rewritten = rewritten;
    }

    /** @throws IllegalArgumentException if the mail has more to remember than an envelope holds */
    static StepDetails of(SpoolMails mails, Branch branch, Progress progress, String delivery)
            throws MessagingException {
        MailImpl mail = branch.mail();
        boolean rewritten = mails.isRewritten(mail.getMessage(), branch.base());
        progress.writeTo(mail);
        try {
            MailState state = rewritten ? mails.stateOfWritten(mail) : mails.stateOf(mail);
            MailState whole =
                    state.withDelivery(delivery).withEnding(branch.ending().orElse(null));
            return new StepDetails(mails, branch, whole, rewritten);
        } finally {
            Progress.takeFrom(mail);
        }
    }

    /** Whether the envelopes need other bytes than they have. */
    boolean isRewritten() {
        return rewritten;
    }

    /** Of an envelope that is there. */
    EnvelopeDetails of(Claim claim) throws MessagingException {
        EnvelopeDetails before = claim.envelope().details();
        MailAddress was = address(before.forwardPath());
        MailAddress is = recipients.getOrDefault(was, was);
        EnvelopeDetails now = before.withState(states.apply(is)).withReversePath(reversePath);
        // Equal addresses may be written differently; a path that no mailet touched stays as the client wrote it.
        return is.asString().equals(was.asString()) ? now : now.withForwardPath(is.asString());
    }

    /** Of one that is to come. */
    EnvelopeDetails of(MailAddress recipient) {
        EnvelopeDetails like = branch.claims().all().get(0).envelope().details();
        return new EnvelopeDetails(
                like.queueId(),
                reversePath,
                recipient.asString(),
                Stage.CHAIN,
                like.priority(),
                0,
                Instant.EPOCH,
                false,
                "",
                states.apply(recipient));
    }

    private static MailAddress address(String path) throws MessagingException {
        try {
            return new MailAddress(path);
        } catch (AddressException e) {
            throw new MessagingException("not a forward-path: " + path, e);
        }
    }
}
