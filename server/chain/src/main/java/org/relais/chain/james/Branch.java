package org.relais.chain.james;

import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.relais.chain.retry.Failures;

/** One set of recipients on its way through a chain; belongs to the thread of one {@link ChainRun}. */
final class Branch {
    private final Mail mail;
    private final LoadedProcessor processor;
    private final int moves;
    private int step;
    private boolean matched;
    private @Nullable Failures failures;

    private Branch(
            Mail mail, LoadedProcessor processor, int moves, int step, boolean matched, @Nullable Failures failures) {
        this.mail = mail;
        this.processor = processor;
        this.moves = moves;
        this.step = step;
        this.matched = matched;
        this.failures = failures;
    }

    /** At the first step of {@code processor}. */
    static Branch at(LoadedProcessor processor, Mail mail) {
        return new Branch(mail, processor, 0, 0, false, null);
    }

    /** Where a deferred mail goes on. */
    static Branch resumed(Mail mail, LoadedProcessor processor, int step, boolean matched, Failures failures) {
        return new Branch(mail, processor, 0, step, matched, failures);
    }

    /** The same mail at the first step of another processor. */
    Branch moveTo(LoadedProcessor other) {
        return new Branch(mail, other, moves + 1, 0, false, null);
    }

    /** The part of this mail that the current step's matcher chose. */
    Branch partOf(Mail part) {
        return new Branch(part, processor, moves, step, true, failures);
    }

    /** How often this branch went from one processor to another in this run. */
    int moves() {
        return moves;
    }

    Mail mail() {
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
