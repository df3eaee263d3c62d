package org.relais.spool.engine;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.relais.spool.Census;
import org.relais.spool.Envelope;
import org.relais.spool.SpoolException;
import org.relais.spool.index.EnvelopeEntry;
import org.relais.spool.index.MessageEntry;
import org.relais.spool.index.Tally;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link Census} of the index, a piece at a time; reads one envelope for each domain that is named. */
final class Counting implements RecordStore.EntrySink {
    private static final Logger LOGGER = LoggerFactory.getLogger(Counting.class);

    private final Tally tally = new Tally();

    private Counting() {}

    static Census census(SpoolState state, SpoolReader reader, int destinations) {
        Counting counting = new Counting();
        try {
            state.envelopes(counting);
        } catch (IOException e) {
            throw new IllegalStateException("counting touches no file", e);
        }
        List<Census.Destination> named = new ArrayList<>();
        for (Tally.Domain domain : counting.tally.largest(destinations)) {
            name(domain, reader)
                    .ifPresent(name -> named.add(
                            new Census.Destination(name, domain.envelopes(), Instant.ofEpochSecond(domain.oldest()))));
        }
        int oldest = counting.tally.oldest();
        return new Census(
                counting.tally.byStage(),
                counting.tally.held(),
                oldest == Integer.MAX_VALUE ? null : Instant.ofEpochSecond(oldest),
                named);
    }

    /** Empty if that envelope has just left, or is damaged. */
    private static Optional<String> name(Tally.Domain domain, SpoolReader reader) {
        try {
            return reader.envelope(domain.sample())
                    .map(Envelope::details)
                    .map(details -> details.forwardDomain().toLowerCase(Locale.ROOT));
        } catch (SpoolException e) {
            LOGGER.debug("an envelope does not tell its domain", e);
            return Optional.empty();
        }
    }

    @Override
    public void message(MessageEntry entry) {}

    @Override
    public void envelope(EnvelopeEntry entry) {
        tally.add(entry);
    }
}
