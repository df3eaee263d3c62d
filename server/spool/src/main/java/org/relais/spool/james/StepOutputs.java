package org.relais.spool.james;

import java.util.Optional;
import java.util.function.Function;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.relais.spool.Origin;

/**
 * Collects what mailets put into the queue {@code spool} while a step of the chain is on its way, so that it is
 * committed with the step: a mailet that throws, or a crash, leaves neither half a step nor a mail made twice. What other
 * threads enqueue meanwhile is committed at once. One for each server; safe for use by many threads.
 */
public final class StepOutputs {
    private final ThreadLocal<@Nullable StepOutput> open = new ThreadLocal<>();

    /**
     * Collects what this thread enqueues until the output is closed.
     *
     * @param originOf how the books count a mail that a mailet made
     * @throws IllegalStateException if this thread collects already
     */
    public StepOutput begin(Function<Mail, Origin> originOf) {
        if (open.get() != null) {
            throw new IllegalStateException("this thread collects the output of a step already");
        }
        StepOutput output = new StepOutput(originOf, this::end);
        open.set(output);
        return output;
    }

    /** That of this thread. */
    public Optional<StepOutput> current() {
        return Optional.ofNullable(open.get());
    }

    private void end(StepOutput output) {
        if (output.equals(open.get())) {
            open.remove();
        }
    }
}
