package org.relais.spool.james;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.mailet.Mail;
import org.relais.spool.Changes;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.PendingMessage;

/**
 * The mails that one step of the chain made: written to the spool, to be committed together with the step. For the
 * thread that opened it.
 */
public final class StepOutput implements AutoCloseable {
    private final Function<Mail, Origin> originOf;
    private final Consumer<StepOutput> end;
    private final List<Made> made = new ArrayList<>();

    StepOutput(Function<Mail, Origin> originOf, Consumer<StepOutput> end) {
        this.originOf = originOf;
        this.end = end;
    }

    /** One mail. */
    public record Made(PendingMessage message, List<NewEnvelope> envelopes) {
        public Made {
            envelopes = List.copyOf(envelopes);
        }
    }

    Origin originOf(Mail mail) {
        return originOf.apply(mail);
    }

    void add(Made mail) {
        made.add(mail);
    }

    public List<Made> made() {
        return List.copyOf(made);
    }

    /** Makes them part of a step; if that fails they are still here. */
    public void addTo(Changes step) {
        made.forEach(mail -> step.create(mail.message(), mail.envelopes()));
    }

    /** Ends the collecting, and forgets what was not committed. */
    @Override
    public void close() {
        end.accept(this);
        made.forEach(mail -> mail.message().close());
        made.clear();
    }
}
