package org.relais.spool.james;

import java.util.List;
import java.util.Optional;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;

/**
 * A mail that was taken from a queue. Done, it leaves the spool; tried again, it is as it was before and stands behind
 * those that are due; rejected, it is held in the queue until an operator looks at it, for it must not be lost. The
 * first word counts. Safe for use by many threads.
 */
final class SpoolQueueItem implements MailQueueItem {
    private static final String REJECTED = "rejected by the queue's consumer";

    private final Spool spool;
    private final MailImpl mail;
    private final ClaimKeeper keeper;
    private final HeldClaims claims;

    SpoolQueueItem(Spool spool, MailImpl mail, List<Claim> claims, ClaimKeeper keeper) {
        this.spool = spool;
        this.mail = mail;
        this.keeper = keeper;
        this.claims = keeper.keep(spool, claims, this);
    }

    @Override
    public Mail getMail() {
        return mail;
    }

    @Override
    public void done(CompletionStatus status) throws MailQueueException {
        Optional<List<Claim>> ended = claims.end();
        keeper.forget(claims);
        if (ended.isPresent()) {
            end(status, ended.get());
        }
    }

    private void end(CompletionStatus status, List<Claim> ended) throws MailQueueException {
        Changes changes = new Changes().relaxed();
        for (Claim claim : ended) {
            EnvelopeDetails details = claim.envelope().details();
            switch (status) {
                case SUCCESS -> changes.remove(claim, Disposition.DELIVERED);
                case RETRY -> changes.update(claim, details.withNextAttempt(spool.now()));
                case REJECT -> changes.update(claim, details.withHeld(true).withReason(REJECTED));
            }
        }
        try {
            SpoolWait.commit(spool, changes);
        } catch (SpoolException e) {
            ended.forEach(spool::release);
            throw new MailQueueException("cannot end the mail " + mail.getName(), e);
        }
    }

    /** Gives it back, as if it had never been out. */
    void release() {
        keeper.forget(claims);
        claims.release();
    }
}
