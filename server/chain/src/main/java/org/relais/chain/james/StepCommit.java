package org.relais.chain.james;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.relais.chain.claim.CommitFailedException;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.EnvelopeId;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.PendingMessage;
import org.relais.spool.Receipt;
import org.relais.spool.Stage;
import org.relais.spool.james.StepOutput;

/**
 * What one step made of a branch, committed as one: which envelopes leave, which stay and how, which come, and the mails
 * that the step made.
 *
 * <p>The message's bytes are written anew only if an envelope stays whose bytes were changed by more than fields on top.
 * Made for one commit, by the branch's thread.
 */
final class StepCommit {
    private final Spools spools;
    private final Branch branch;
    private final Map<EnvelopeId, Changes.Change.Remove> leaving = new LinkedHashMap<>();
    private final List<MailAddress> joining = new ArrayList<>();
    private Optional<StepOutput> made = Optional.empty();

    /** How envelopes that stay are changed; {@code keep}: the branch goes on with them. */
    private record Staying(Progress progress, String delivery, boolean keep, UnaryOperator<EnvelopeDetails> change) {}

    StepCommit(Spools spools, Branch branch) {
        this.spools = spools;
        this.branch = branch;
    }

    StepCommit leave(Collection<Claim> claims, Disposition disposition) {
        claims.forEach(claim -> leaving.put(claim.id(), new Changes.Change.Remove(claim, disposition)));
        return this;
    }

    /** New envelopes at the place where those that stay go on. */
    StepCommit join(Collection<MailAddress> recipients) {
        joining.addAll(recipients);
        return this;
    }

    StepCommit with(StepOutput outputs) {
        made = Optional.of(outputs);
        return this;
    }

    /** Nobody stays. */
    void end() throws MessagingException {
        commit(new Staying(Progress.NONE, "", false, details -> details));
    }

    /** Those that do not leave go on in this run, at the branch's place. */
    void goOn() throws MessagingException {
        commit(new Staying(
                new Progress(branch.position(), Optional.ofNullable(branch.failures())), "", true, details -> details));
    }

    /** Those that do not leave wait at the branch's place. */
    void defer(Progress progress, Instant next, String reason) throws MessagingException {
        commit(new Staying(progress, "", false, details -> details.deferred(next, reason)));
    }

    /** Those that do not leave are sent by {@code delivery}. */
    void handOver(String delivery, int priority) throws MessagingException {
        commit(new Staying(
                Progress.NONE,
                delivery,
                false,
                details -> new EnvelopeDetails(
                        details.queueId(),
                        details.reversePath(),
                        details.forwardPath(),
                        Stage.DELIVERY,
                        priority,
                        0,
                        Instant.EPOCH,
                        details.held(),
                        "",
                        details.state())));
    }

    private void commit(Staying how) throws MessagingException {
        List<Claim> stayingClaims = branch.claims().all().stream()
                .filter(claim -> !leaving.containsKey(claim.id()))
                .toList();
        if (stayingClaims.isEmpty() && joining.isEmpty()) {
            commit(List.of(), List.of(), null);
            return;
        }
        Mail mail = branch.mail();
        StepDetails details = StepDetails.of(spools.mails(), branch, how.progress(), how.delivery());
        @Nullable PendingMessage bytes = details.isRewritten() ? spools.write(mail) : null;
        List<Changes.Change.Update> staying = new ArrayList<>();
        for (Claim claim : stayingClaims) {
            staying.add(new Changes.Change.Update(claim, how.change().apply(details.of(claim)), how.keep()));
        }
        List<NewEnvelope> coming = new ArrayList<>();
        for (MailAddress recipient : joining) {
            coming.add(new NewEnvelope(Origin.EXPANSION, details.of(recipient)));
        }
        commit(staying, coming, bytes);
    }

    private void commit(List<Changes.Change.Update> staying, List<NewEnvelope> coming, @Nullable PendingMessage bytes)
            throws MessagingException {
        Receipt receipt;
        try {
            receipt = spools.commits().commit(() -> changes(staying, coming, bytes));
        } catch (CommitFailedException e) {
            if (bytes != null) {
                bytes.close(); // Forgets nothing that a step on its way has taken.
            }
            throw e;
        }
        branch.claims().keepOnly(receipt.kept());
        if (bytes != null && !receipt.kept().isEmpty()) {
            branch.rebase(spools.content(receipt.kept().get(0).envelope().message()));
        }
    }

    private Changes changes(
            List<Changes.Change.Update> staying, List<NewEnvelope> coming, @Nullable PendingMessage bytes) {
        Changes changes = new Changes().relaxed();
        made.ifPresent(outputs -> outputs.addTo(changes));
        if (bytes != null) {
            changes.rewrite(bytes, staying, coming);
        } else {
            if (!coming.isEmpty()) {
                changes.share(branch.claims().all().get(0), coming);
            }
            for (Changes.Change.Update update : staying) {
                if (update.keep()) {
                    changes.updateAndKeep(update.claim(), update.details());
                } else {
                    changes.update(update.claim(), update.details());
                }
            }
        }
        leaving.values().forEach(left -> changes.remove(left.claim(), left.disposition()));
        return changes;
    }
}
