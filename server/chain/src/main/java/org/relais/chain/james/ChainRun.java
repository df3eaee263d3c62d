package org.relais.chain.james;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.relais.chain.claim.CommitFailedException;
import org.relais.chain.identity.MailName;
import org.relais.chain.plan.OnException;
import org.relais.chain.recipients.RecipientSplit;
import org.relais.chain.retry.Failures;
import org.relais.chain.retry.Position;
import org.relais.chain.step.StepOutcome;
import org.relais.spool.Disposition;
import org.relais.spool.MessageContent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mail's way through the chain, from where it waited to where every envelope left the spool, moved to delivery or
 * waits again.
 *
 * <p>In outline: take a branch (a set of envelopes at a step); ask the step's matcher and split off those that did not
 * match; let the mailet act; commit what it did, if that shows outside of the mail; follow what it made of the mail. A
 * step that throws defers its envelopes alone: what the others have reached stays reached, and the retry goes on at that
 * step. What a kill of the process repeats is what came after the branch's last commit.
 *
 * <p>Runs on one thread, once.
 */
final class ChainRun {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChainRun.class);

    private final LoadedChain chain;
    private final ChainParts parts;
    private final Deque<Branch> open = new ArrayDeque<>();
    private final List<Mail> made = new ArrayList<>();
    private final Setback setback;

    ChainRun(LoadedChain chain, ChainParts parts) {
        this.chain = chain;
        this.parts = parts;
        this.setback = new Setback(chain, parts);
    }

    /**
     * Runs {@code mail} to its ends.
     *
     * @param claims of its envelopes
     * @param base its bytes in the spool
     * @throws CommitFailedException when the spool is broken
     */
    void run(MailImpl mail, RecipientClaims claims, MessageContent base, Optional<Disposition> ending) {
        try {
            open.push(start(mail, claims, base, ending));
            while (!open.isEmpty()) {
                proceed(open.pop());
            }
        } finally {
            made.forEach(MailCopies::dispose);
        }
    }

    private void proceed(Branch branch) {
        try {
            try {
                advance(branch);
            } catch (CommitFailedException notCommitted) {
                throw notCommitted;
            } catch (Throwable bug) {
                defer(branch, bug, "the chain itself failed");
            }
        } catch (CommitFailedException notCommitted) {
            if (notCommitted.kind() == CommitFailedException.Kind.BROKEN) {
                throw notCommitted;
            }
            LOGGER.error(
                    "mail {}: what step {} of the processor {} did was not committed; its envelopes come back later",
                    branch.mail().getName(),
                    branch.step() + 1,
                    branch.processor().name(),
                    notCommitted);
        }
    }

    private Branch start(MailImpl mail, RecipientClaims claims, MessageContent base, Optional<Disposition> ending) {
        Progress progress = Progress.takeFrom(mail);
        Optional<LoadedProcessor> waitedIn =
                progress.position().flatMap(position -> chain.processor(position.processor()));
        LoadedProcessor processor = waitedIn.orElseGet(() -> processorFor(mail, mail.getState()));
        Branch branch = Branch.at(processor, mail, claims, base, ending);
        return waitedIn.isEmpty() ? branch : resume(branch, progress);
    }

    private static Branch resume(Branch branch, Progress progress) {
        Position position = progress.position().orElseThrow();
        @Nullable Failures failures = progress.failures().orElse(null);
        if (branch.processor().plan().fingerprint(position.step()).equals(position.fingerprint())) {
            return branch.resumedAt(position.step(), position.matched(), failures);
        }
        LOGGER.warn(
                "mail {}: processor {} was changed while the mail waited in it; it starts there again",
                branch.mail().getName(),
                branch.processor().name());
        return branch.resumedAt(0, false, failures);
    }

    private LoadedProcessor processorFor(Mail mail, String state) {
        return chain.processor(state).orElseGet(() -> {
            LOGGER.error("mail {}: there is no processor {}; it goes to the processor error", mail.getName(), state);
            mail.setErrorMessage("There is no processor " + state);
            return chain.error();
        });
    }

    /** One matcher or one mailet; where the branch goes on, and its parts, are pushed. */
    private void advance(Branch branch) throws MessagingException {
        branch.mail().setState(branch.processor().name());
        int mostMoves = parts.settings().mostMoves();
        if (branch.moves() > mostMoves) {
            throw new IllegalStateException("moved from processor to processor more than " + mostMoves
                    + " times: the chain sends this mail round in circles");
        }
        if (branch.isAtEnd()) {
            fallOff(branch);
        } else if (branch.isMatched()) {
            act(branch);
        } else {
            match(branch);
        }
    }

    private void match(Branch branch) throws MessagingException {
        LoadedStep step = branch.current();
        Mail mail = branch.mail();
        Collection<MailAddress> answer;
        try {
            answer = step.matcher().match(mail);
        } catch (Throwable thrown) {
            OnException policy = step.plan().onMatcherException();
            boolean matchesAll = policy instanceof OnException.MatchAll;
            if (!matchesAll && !(policy instanceof OnException.MatchNone)) {
                afterFault(branch, policy, thrown, "matcher " + step.plan().matcher());
                return;
            }
            LOGGER.warn(
                    "mail {}: matcher {} failed and matches {}",
                    mail.getName(),
                    step.plan().matcher(),
                    matchesAll ? "all" : "nobody",
                    thrown);
            answer = matchesAll ? mail.getRecipients() : List.of();
        }
        RecipientSplit<MailAddress> split = RecipientSplit.of(mail.getRecipients(), answer);
        if (split.isNone()) {
            branch.advance();
        } else if (split.isAll()) {
            branch.match();
        } else {
            part(branch, split);
            return;
        }
        open.push(branch);
    }

    private void afterFault(Branch branch, OnException policy, Throwable thrown, String who) {
        if (policy instanceof OnException.ToProcessor to) {
            open.push(moveAfterFault(branch, to.processor(), thrown, who));
        } else {
            defer(branch, thrown, who + " in processor " + branch.processor().name() + " failed");
        }
    }

    private void part(Branch branch, RecipientSplit<MailAddress> split) throws MessagingException {
        RecipientClaims chosen = branch.claims().take(split.matched());
        MailImpl part = MailCopies.part(branch.mail(), split.matched(), nameOf(branch.mail(), chosen));
        made.add(part);
        branch.mail().setName(nameOf(branch.mail(), branch.claims()));
        branch.mail().setRecipients(split.rest());
        Branch matched = branch.partOf(part, chosen);
        branch.advance();
        open.push(branch);
        open.push(matched);
    }

    static String nameOf(Mail mail, RecipientClaims claims) {
        return MailName.ofEnvelope(mail.getName(), claims.first().value());
    }

    private void act(Branch branch) throws MessagingException {
        try (StepActing acting = new StepActing(parts, branch)) {
            Throwable thrown = acting.serve();
            if (thrown != null) {
                recover(branch, acting, thrown);
                return;
            }
            StepOutcome outcome = acting.outcome();
            acting.report(how(outcome));
            if (outcome instanceof StepOutcome.Ended) {
                acting.end();
            } else if (outcome instanceof StepOutcome.MovedTo moved) {
                goOn(acting, branch.moveTo(processorFor(branch.mail(), moved.processor())));
            } else {
                goOn(acting, branch.next());
            }
        }
    }

    private void goOn(StepActing acting, Branch next) throws MessagingException {
        next.mail().setState(next.processor().name());
        if (acting.goOn(next)) {
            open.push(next);
        }
    }

    private void recover(Branch branch, StepActing acting, Throwable thrown) throws MessagingException {
        LoadedStep step = branch.current();
        String who = "mailet " + step.plan().mailet();
        if (!acting.restore(thrown)) {
            return;
        }
        OnException policy = step.plan().onMailetException();
        if (policy instanceof OnException.Ignore) {
            LOGGER.warn("mail {}: {} failed and is ignored", branch.mail().getName(), who, thrown);
            goOn(acting, branch.next());
        } else if (policy instanceof OnException.ToProcessor to) {
            goOn(acting, moveAfterFault(branch, to.processor(), thrown, who));
        } else {
            defer(branch, thrown, who + " in processor " + branch.processor().name() + " failed");
        }
    }

    private Branch moveAfterFault(Branch branch, String processor, Throwable thrown, String who) {
        Mail mail = branch.mail();
        LOGGER.error("mail {}: {} failed; it goes to the processor {}", mail.getName(), who, processor, thrown);
        mail.setErrorMessage("Exception calling " + who + ": " + ChainReader.reason(thrown));
        mail.setAttribute(new Attribute(Mail.MAILET_ERROR, AttributeValue.ofUnserializable(thrown)));
        return branch.moveTo(processorFor(mail, processor));
    }

    private void defer(Branch branch, Throwable thrown, String what) {
        setback.defer(branch, thrown, what).ifPresent(open::push);
    }

    /** A mail that reaches the end of a processor shows a mistake in the chain: it is shown to an administrator. */
    private void fallOff(Branch branch) throws MessagingException {
        Mail mail = branch.mail();
        String reason = "No mailet of the processor " + branch.processor().name() + " ended this mail";
        LOGGER.error(
                "mail {}: no mailet of the processor {} ended it",
                mail.getName(),
                branch.processor().name());
        if (chain.isError(branch.processor())) {
            parts.keeper().keep(branch, reason);
        } else {
            mail.setErrorMessage(reason);
            open.push(branch.moveTo(chain.error()));
        }
    }

    private static String how(StepOutcome outcome) {
        if (outcome instanceof StepOutcome.Ended) {
            return "ended";
        }
        return outcome instanceof StepOutcome.MovedTo moved ? "to processor " + moved.processor() : "goes on";
    }
}
