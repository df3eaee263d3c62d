package org.relais.chain.james;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.relais.chain.plan.OnException;
import org.relais.chain.recipients.RecipientSplit;
import org.relais.chain.retry.Position;
import org.relais.chain.step.StepOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mail's way through the chain, from where it waited to where every recipient ended, moved to a queue or is kept.
 *
 * <p>In outline: take a branch (a set of recipients at a step); ask the step's matcher and split off those that did not
 * match; let the mailet act; follow what it made of the mail. A step that throws defers its recipients alone: what the
 * others have reached stays reached, and the retry goes on at that step.
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
     * @throws MessagingException when some recipients could neither be deferred nor kept: whoever gave the mail still has
     *     to answer for it
     */
    void run(Mail mail) throws MessagingException {
        try {
            open.push(start(mail));
            while (!open.isEmpty()) {
                Branch branch = open.pop();
                try {
                    advance(branch);
                } catch (Throwable bug) {
                    defer(branch, bug, "the chain itself failed");
                }
            }
        } finally {
            made.forEach(MailCopies::dispose);
        }
        setback.throwIfUnsettled();
    }

    private Branch start(Mail mail) {
        return Deferral.takeFrom(mail)
                .flatMap(deferral -> chain.processor(deferral.position().processor())
                        .map(processor -> resume(mail, processor, deferral)))
                .orElseGet(() -> Branch.at(processorFor(mail, mail.getState()), mail));
    }

    private static Branch resume(Mail mail, LoadedProcessor processor, Deferral deferral) {
        Position position = deferral.position();
        if (processor.plan().fingerprint(position.step()).equals(position.fingerprint())) {
            return Branch.resumed(mail, processor, position.step(), position.matched(), deferral.failures());
        }
        LOGGER.warn(
                "mail {}: processor {} was changed while the mail waited in it; it starts there again",
                mail.getName(),
                processor.name());
        return Branch.resumed(mail, processor, 0, false, deferral.failures());
    }

    private LoadedProcessor processorFor(Mail mail, String state) {
        return chain.processor(state).orElseGet(() -> {
            LOGGER.error("mail {}: there is no processor {}; it goes to the processor error", mail.getName(), state);
            mail.setErrorMessage("There is no processor " + state);
            return chain.error();
        });
    }

    private void advance(Branch branch) throws MessagingException {
        branch.mail().setState(branch.processor().name());
        if (branch.moves() > parts.mostMoves()) {
            throw new IllegalStateException("moved from processor to processor more than " + parts.mostMoves()
                    + " times: the chain sends this mail round in circles");
        }
        while (!branch.isAtEnd()) {
            if (!branch.isMatched() && !match(branch)) {
                return;
            }
            if (branch.isMatched() && !act(branch)) {
                return;
            }
            branch.advance();
        }
        fallOff(branch);
    }

    /** False when the branch ended here, in a policy or in two. */
    private boolean match(Branch branch) throws MessagingException {
        LoadedStep step = branch.current();
        Mail mail = branch.mail();
        Collection<MailAddress> answer;
        try {
            answer = step.matcher().match(mail);
        } catch (Throwable thrown) {
            OnException policy = step.plan().onMatcherException();
            if (policy instanceof OnException.MatchNone) {
                LOGGER.warn(
                        "mail {}: matcher {} failed and matches nobody",
                        mail.getName(),
                        step.plan().matcher(),
                        thrown);
                return true;
            }
            if (!(policy instanceof OnException.MatchAll)) {
                follow(
                        branch,
                        StepOutcome.ofThrow(policy),
                        thrown,
                        "matcher " + step.plan().matcher());
                return false;
            }
            LOGGER.warn(
                    "mail {}: matcher {} failed and matches all",
                    mail.getName(),
                    step.plan().matcher(),
                    thrown);
            answer = mail.getRecipients();
        }
        RecipientSplit<MailAddress> split = RecipientSplit.of(mail.getRecipients(), answer);
        if (split.isNone()) {
            return true;
        }
        if (split.isAll()) {
            branch.match();
            return true;
        }
        part(branch, split);
        return false;
    }

    private void part(Branch branch, RecipientSplit<MailAddress> split) throws MessagingException {
        Mail part = parts.copies().part(branch.mail(), split.matched());
        made.add(part);
        branch.mail().setRecipients(split.rest());
        Branch matched = branch.partOf(part);
        branch.advance();
        open.push(branch);
        open.push(matched);
    }

    /** False when the branch does not go on to the next step of its processor. */
    private boolean act(Branch branch) {
        LoadedStep step = branch.current();
        Mail mail = branch.mail();
        List<MailAddress> before = List.copyOf(mail.getRecipients());
        StepOutcome outcome;
        try {
            step.mailet().service(mail);
            outcome = StepOutcome.ofReturn(
                    branch.processor().name(),
                    mail.getState(),
                    !mail.getRecipients().isEmpty(),
                    Mail.GHOST);
        } catch (Throwable thrown) {
            if (!(thrown instanceof PartlyDoneException)) {
                mail.setRecipients(before);
            } else if (mail.getRecipients().isEmpty()) {
                return false;
            }
            mail.setState(branch.processor().name());
            OnException policy = step.plan().onMailetException();
            if (policy instanceof OnException.Ignore) {
                LOGGER.warn(
                        "mail {}: mailet {} failed and is ignored",
                        mail.getName(),
                        step.plan().mailet(),
                        thrown);
            }
            return follow(
                    branch,
                    StepOutcome.ofThrow(policy),
                    thrown,
                    "mailet " + step.plan().mailet());
        }
        parts.events().acted(mail, before, branch.processor(), step, how(outcome));
        if (outcome instanceof StepOutcome.Ended) {
            parts.events().ended(mail, before, branch.processor(), step);
            return false;
        }
        if (outcome instanceof StepOutcome.MovedTo moved) {
            open.push(branch.moveTo(processorFor(mail, moved.processor())));
            return false;
        }
        return true;
    }

    private boolean follow(Branch branch, StepOutcome outcome, Throwable thrown, String who) {
        if (outcome instanceof StepOutcome.MovedTo moved) {
            Mail mail = branch.mail();
            LOGGER.error(
                    "mail {}: {} failed; it goes to the processor {}", mail.getName(), who, moved.processor(), thrown);
            mail.setErrorMessage("Exception calling " + who + ": " + ChainReader.reason(thrown));
            mail.setAttribute(new Attribute(Mail.MAILET_ERROR, AttributeValue.ofUnserializable(thrown)));
            open.push(branch.moveTo(processorFor(mail, moved.processor())));
            return false;
        }
        if (outcome instanceof StepOutcome.Failed) {
            defer(branch, thrown, who + " in processor " + branch.processor().name() + " failed");
            return false;
        }
        return true;
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
            parts.keeper().keep(mail, reason);
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
