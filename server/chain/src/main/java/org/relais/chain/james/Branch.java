package org.relais.chain.james;

import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.server.core.MailImpl;
import org.jspecify.annotations.Nullable;
import org.relais.chain.retry.Failures;
import org.relais.chain.retry.Position;
import org.relais.spool.Disposition;
import org.relais.spool.MessageContent;
import org.relais.spool.james.SpoolMessage;

/** One set of recipients on its way through a chain; belongs to the thread of one {@link ChainRun}. */
final class Branch {
    private final MailImpl mail;
    private final RecipientClaims claims;
    private final LoadedProcessor processor;
    private final int moves;
    private MessageContent base;
    private int step;
    private boolean matched;
    private @Nullable Failures failures;
    private Optional<Disposition> ending;

    private Branch(
            MailImpl mail,
            RecipientClaims claims,
            MessageContent base,
            LoadedProcessor processor,
            int moves,
            Optional<Disposition> ending) {
        this.mail = mail;
        this.claims = claims;
        this.base = base;
        this.processor = processor;
        this.moves = moves;
        this.ending = ending;
    }

    /** At the first step of {@code processor}. */
    static Branch at(
            LoadedProcessor processor,
            MailImpl mail,
            RecipientClaims claims,
            MessageContent base,
            Optional<Disposition> ending) {
        return new Branch(mail, claims, base, processor, 0, ending);
    }

    /** Where a mail that waited goes on. */
    Branch resumedAt(int atStep, boolean isMatched, @Nullable Failures before) {
        Branch resumed = new Branch(mail, claims, base, processor, 0, ending);
        resumed.step = atStep;
        resumed.matched = isMatched;
        resumed.failures = before;
        return resumed;
    }

    /** The same mail at the first step of another processor. */
    Branch moveTo(LoadedProcessor other) {
        return new Branch(mail, claims, base, other, moves + 1, ending);
    }

    /** The part of this mail that the current step's matcher chose; its claims are {@code chosen}. */
    Branch partOf(MailImpl part, RecipientClaims chosen) {
        Branch made = new Branch(part, chosen, base, processor, moves, ending);
        made.step = step;
        made.matched = true;
        made.failures = failures;
        return made;
    }

    /** The envelopes that this branch answers for. */
    RecipientClaims claims() {
        return claims;
    }

    /** The bytes that its envelopes have in the spool. */
    MessageContent base() {
        return base;
    }

    /** Its envelopes have other bytes now. */
    void rebase(MessageContent changed) throws MessagingException {
        base = changed;
        mail.setMessageNoCopy(SpoolMessage.over(changed, ""));
    }

    /** How its envelopes leave the spool, where that is known before they do. */
    Optional<Disposition> ending() {
        return ending;
    }

    void know(Optional<Disposition> changed) {
        ending = changed;
    }

    /** How often this branch went from one processor to another in this run. */
    int moves() {
        return moves;
    }

    MailImpl mail() {
        return mail;
    }

    LoadedProcessor processor() {
        return processor;
    }

    int step() {
        return step;
    }

    /** Whether the matcher of the current step has already chosen this branch's recipients. */
    boolean isMatched() {
        return matched;
    }

    void match() {
        matched = true;
    }

    /** The failures of the step that this branch was resumed at; null when it has got past it. */
    @Nullable
    Failures failures() {
        return failures;
    }

    boolean isAtEnd() {
        return step >= processor.steps().size();
    }

    /** Where it goes on, should it wait now; empty at the first step, which needs no mention. */
    Optional<Position> position() {
        return step == 0 && !matched && failures == null
                ? Optional.empty()
                : Optional.of(new Position(
                        processor.name(), step, matched, processor.plan().fingerprint(step)));
    }

    /** Behind the current step, which leaves its failures behind. */
    Branch next() {
        return resumedAt(step + 1, false, null);
    }

    LoadedStep current() {
        return processor.steps().get(step);
    }

    /** Past the current step, which leaves its failures behind. */
    void advance() {
        step++;
        matched = false;
        failures = null;
    }
}
