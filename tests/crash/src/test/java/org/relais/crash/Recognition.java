package org.relais.crash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.relais.crash.CrashMails.Copy;
import org.relais.testkit.mail.OctetComparison;

/** Tells what came, by its octets and its envelope; what is wrong with them is a fault. Safe for use by many threads. */
final class Recognition {
    /** What the server puts on top. */
    private static final OctetComparison BELOW_TRACE = OctetComparison.below(
            "Received", "Return-Path", "Delivered-To", "Authentication-Results", "Received-SPF", "X-Relais-Reason");

    private static final int SHOWN = 1500;

    private final CrashMails mails;
    private final Fates fates;
    private final IntSupplier begun;
    private final Consumer<String> faults;

    /** @param begun how many mails were sent so far */
    Recognition(CrashMails mails, Fates fates, IntSupplier begun, Consumer<String> faults) {
        this.mails = mails;
        this.fates = fates;
        this.begun = begun;
        this.faults = faults;
    }

    /** The copies that a mail of the load is; none if it is altered. */
    List<Copy> mail(String where, byte[] content, List<String> forwardPaths) {
        int id = mails.idOf(content).orElse(-1);
        if (id < 0 || id >= begun.getAsInt()) {
            faults.accept("in " + where + ", for " + forwardPaths + ": a mail that nobody sent");
            return List.of();
        }
        List<Copy> copies = new ArrayList<>();
        for (String forwardPath : forwardPaths) {
            Copy copy = CrashMails.copyOf(forwardPath).orElse(new Copy(-1, 0));
            if (copy.id() != id || !isOfThisRun(copy)) {
                faults.accept("in " + where + ": mail " + id + " for " + forwardPath);
            } else {
                copies.add(copy);
            }
        }
        try {
            BELOW_TRACE.of(mails.content(id), content);
            return copies;
        } catch (AssertionError e) {
            faults.accept("in " + where + ": mail " + id + ": " + e.getMessage());
            return List.of();
        }
    }

    /** A bounce; one of what was not refused, or to somebody else than the sender, is a fault. */
    Optional<CrashDsn> bounce(String where, byte[] content, List<String> forwardPaths) {
        Optional<CrashDsn> dsn =
                CrashDsn.of(content).filter(read -> read.failed().stream().allMatch(copy -> isDue(copy, forwardPaths)));
        if (dsn.isEmpty()) {
            String text = new String(content, 0, Math.min(content.length, SHOWN), StandardCharsets.ISO_8859_1);
            faults.accept("in " + where + ": a mail bounced, to " + forwardPaths + ": " + text);
        }
        return dsn;
    }

    private boolean isDue(Copy copy, List<String> forwardPaths) {
        return isOfThisRun(copy)
                && fates.isRefused(copy)
                && forwardPaths.equals(List.of(CrashMails.reversePath(copy.id())));
    }

    private boolean isOfThisRun(Copy copy) {
        return copy.id() >= 0
                && copy.id() < begun.getAsInt()
                && copy.recipient() < mails.plan(copy.id()).recipients();
    }
}
