package org.relais.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.spool.Accounts;
import org.relais.spool.BrowseFilter;
import org.relais.spool.DamagedRecord;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeId;
import org.relais.spool.Page;
import org.relais.spool.SpoolException;
import org.relais.spool.engine.DurableSpool;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.LogSpool;
import org.relais.spool.log.SpoolVerify;

/**
 * What is in the spool of a server that does not run, read as the server itself reads it. Not for use by several threads.
 *
 * @param damages records that the spool set aside, while it was opened and while it was read
 * @param unreadable envelopes that are there, but whose bytes are damaged
 * @param accounts its books
 */
record SpoolContents(List<DamagedRecord> damages, List<Envelope> unreadable, Accounts accounts) {

    /** Enters what is there in the ledger; the spool's own books must add up. A home without a spool keeps nothing. */
    static SpoolContents enter(Path spool, Ledger ledger) throws SpoolException, IOException {
        ledger.forgetSpool();
        if (!Files.isDirectory(spool)) {
            return new SpoolContents(List.of(), List.of(), new Accounts(Map.of(), Map.of(), 0));
        }
        List<Envelope> unreadable = new ArrayList<>();
        try (DurableSpool opened = open(spool)) {
            Optional<EnvelopeId> after = Optional.empty();
            do {
                Page page = opened.browse(BrowseFilter.ALL, after, 1000);
                for (Page.Entry entry : page.entries()) {
                    if (entry instanceof Page.Entry.Item item && !isEntered(opened, item.envelope(), ledger)) {
                        unreadable.add(item.envelope());
                    }
                }
                after = page.next();
            } while (after.isPresent());
            List<DamagedRecord> damages = opened.damages();
            if (damages.isEmpty()) {
                assertThat(opened.accounts().difference())
                        .as("books of the spool: %s", opened.accounts())
                        .isZero();
            }
            return new SpoolContents(damages, unreadable, opened.accounts());
        }
    }

    private static boolean isEntered(DurableSpool spool, Envelope envelope, Ledger ledger) throws SpoolException {
        byte[] content;
        try (InputStream in = spool.content(envelope.message()).open()) {
            content = in.readAllBytes();
        } catch (IOException | SpoolException.Damaged e) {
            return false;
        }
        if (envelope.details().reversePath().isEmpty()) {
            ledger.foundBounce(content, envelope.details().forwardPath());
        } else {
            ledger.found(content, envelope.details().forwardPath());
        }
        return true;
    }

    /** Holds everything in it, or lets everything go: as {@code relais queue hold --all} does. */
    static void holdAll(Path spool, boolean hold) throws SpoolException {
        try (DurableSpool opened = open(spool)) {
            opened.holdAll(hold).toCompletableFuture().join();
        }
    }

    /** What {@code relais queue verify} finds. */
    static List<DamagedRecord> verify(Path spool) throws SpoolException {
        return SpoolVerify.of(spool).damages();
    }

    private static DurableSpool open(Path spool) throws SpoolException {
        return LogSpool.open(SpoolSettings.in(spool), Clock.systemUTC(), Runnable::run);
    }
}
