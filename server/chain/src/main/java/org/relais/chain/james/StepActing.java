package org.relais.chain.james;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.relais.chain.step.KnownMailets;
import org.relais.chain.step.StepOutcome;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.james.StepOutput;

/**
 * A mailet at work on a branch: what it did to the recipients, which mails it made, and the commit that follows from it.
 *
 * <p>Mails that it made and that no commit took are forgotten at {@link #close}: the retry makes them again.
 */
final class StepActing implements AutoCloseable {
    private final ChainParts parts;
    private final Branch branch;
    private final LoadedStep step;
    private final String mailet;
    private final List<MailAddress> before;
    private final Optional<StepOutput> output;
    private boolean taken;

    StepActing(ChainParts parts, Branch branch) {
        this.parts = parts;
        this.branch = branch;
        this.step = branch.current();
        this.mailet = step.mailet().getClass().getName();
        this.before = List.copyOf(branch.mail().getRecipients());
        this.output = KnownMailets.needsItsMailsAtOnce(mailet)
                ? Optional.empty()
                : Optional.of(parts.spools()
                        .outputs()
                        .begin(mail -> KnownMailets.originOf(
                                mailet, mail.getMaybeSender().isNullSender())));
    }

    /** What the mailet threw, if it did. */
    @Nullable
    Throwable serve() {
        try {
            step.mailet().service(branch.mail());
            return null;
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    StepOutcome outcome() {
        Mail mail = branch.mail();
        return StepOutcome.ofReturn(
                branch.processor().name(),
                mail.getState(),
                !mail.getRecipients().isEmpty(),
                Mail.GHOST);
    }

    void report(String how) {
        parts.events().acted(branch.mail(), before, branch.processor(), step, how);
    }

    /** Commits that the branch ended here: handed to delivery, or out of the spool. */
    void end() throws MessagingException {
        if (step.mailet() instanceof OutgoingMailet outgoing
                && !branch.mail().getRecipients().isEmpty()) {
            commit(branch).handOver(outgoing.delivery(), outgoing.priority(branch.mail()));
        } else {
            learn(branch);
            commit(branch)
                    .leave(branch.claims().all(), KnownMailets.dispositionOf(mailet, made(), branch.ending()))
                    .end();
        }
        parts.events().ended(branch.mail(), before, branch.processor(), step);
    }

    /** Commits the step, if anything of it shows outside, at {@code next}. False when none of the branch is left. */
    boolean goOn(Branch next) throws MessagingException {
        Collection<MailAddress> after = branch.mail().getRecipients();
        Set<MailAddress> coming = new LinkedHashSet<>(after);
        before.forEach(coming::remove);
        Set<MailAddress> gone = new LinkedHashSet<>(before);
        after.forEach(gone::remove);
        learn(next);
        if (made().isEmpty() && coming.isEmpty() && gone.isEmpty() && KnownMailets.staysWithinTheMail(mailet)) {
            return true;
        }
        List<Claim> leaving = claimsOf(gone);
        commit(next)
                .leave(leaving, coming.isEmpty() ? KnownMailets.dispositionOf(mailet, made()) : Disposition.REPLACED)
                .join(coming)
                .goOn();
        List<MailAddress> left = new ArrayList<>(after);
        left.removeAll(coming);
        branch.mail().setRecipients(left);
        return !branch.claims().isEmpty();
    }

    /**
     * After a throw: what is done with is committed, and the mail is given the recipients back that are not. False when
     * there are none.
     */
    boolean restore(Throwable thrown) throws MessagingException {
        Mail mail = branch.mail();
        mail.setState(branch.processor().name());
        if (!(thrown instanceof PartlyDoneException)) {
            mail.setRecipients(before);
            return true;
        }
        Set<MailAddress> done = new HashSet<>(before);
        mail.getRecipients().forEach(done::remove);
        commit(branch)
                .leave(claimsOf(done), KnownMailets.dispositionOf(mailet, made(), branch.ending()))
                .goOn();
        return !branch.claims().isEmpty();
    }

    /** The first commit takes the mails that were made along. */
    private StepCommit commit(Branch at) {
        StepCommit commit = new StepCommit(parts.spools(), at);
        if (!taken) {
            output.ifPresent(commit::with);
            taken = true;
        }
        return commit;
    }

    private List<Claim> claimsOf(Collection<MailAddress> recipients) {
        return recipients.stream()
                .flatMap(recipient -> branch.claims().of(recipient).stream())
                .toList();
    }

    private void learn(Branch next) {
        next.know(KnownMailets.known(branch.ending(), made()));
    }

    private Set<Origin> made() {
        return output.map(mails -> mails.made().stream()
                        .flatMap(mail -> mail.envelopes().stream())
                        .map(NewEnvelope::origin)
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    @Override
    public void close() {
        output.ifPresent(StepOutput::close);
    }
}
