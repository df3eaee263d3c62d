package org.relais.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.relais.crash.CrashMails.Copy;
import org.relais.crash.Repeats.Arrivals;
import org.relais.testkit.wire.Deadline;

/**
 * What the client was told and what came out. A mail whose reply was not read to its end is unknown: it may come out or
 * not. Safe for use by many threads.
 *
 * <p>A copy has come when the sink has said 250 to it; one that the sink refuses for good has when its sender got a bounce
 * that names it. What comes twice is judged by {@link Repeats}.
 */
final class Ledger {
    private static final int MOST_FAULTS = 20;

    private enum Answer {
        UNKNOWN,
        ACCEPTED,
        REFUSED
    }

    /** One mail. Its arrays have a place for each forward-path. */
    private static final class Entry {
        private final int size;
        private final Arrivals[] arrivals;
        private final boolean[] isReturned;
        private final byte[] inSpool;
        private Answer answer = Answer.UNKNOWN;

        private Entry(CrashMails.Plan plan) {
            size = plan.size();
            arrivals = Stream.generate(Arrivals::new).limit(plan.recipients()).toArray(Arrivals[]::new);
            isReturned = new boolean[plan.recipients()];
            inSpool = new byte[plan.recipients()];
        }

        private boolean isOut(int recipient) {
            return arrivals[recipient].isEverTaken() || isReturned[recipient];
        }
    }

    private final CrashMails mails;
    private final Fates fates;
    private final Recognition recognition;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Integer> replies = new TreeMap<>();
    private final Map<CrashMails.Framing, Integer> acceptedBy = new TreeMap<>();
    private final Bounces bounces = new Bounces();
    private final Repeats repeats = new Repeats();
    private long refusedAtTheSink;
    private long outstanding;
    private long outstandingOctets;

    Ledger(CrashMails mails) {
        this(mails, Fates.calm());
    }

    Ledger(CrashMails mails, Fates fates) {
        this.mails = mails;
        this.fates = fates;
        recognition = new Recognition(mails, fates, this::begun, this::fault);
    }

    Fates fates() {
        return fates;
    }

    CrashMails mails() {
        return mails;
    }

    /** The next mail to send. */
    synchronized CrashMails.Plan begin() {
        CrashMails.Plan plan = mails.plan(entries.size());
        entries.add(new Entry(plan));
        return plan;
    }

    /** The client has read the whole 250. */
    synchronized void accepted(CrashMails.Plan plan) {
        Entry entry = entries.get(plan.id());
        entry.answer = Answer.ACCEPTED;
        acceptedBy.merge(plan.framing(), 1, Integer::sum);
        for (int which = 0; which < plan.recipients(); which++) {
            if (!entry.isOut(which)) {
                outstanding++;
                outstandingOctets += entry.size;
            }
        }
        notifyAll();
    }

    /** The client has read a whole reply that was not positive; its text is left off, for it may name the mail. */
    synchronized void refused(CrashMails.Plan plan, String line) {
        String reply = Stream.of(line.split(" ")).limit(3).collect(Collectors.joining(" "));
        entries.get(plan.id()).answer = Answer.REFUSED;
        replies.merge(reply, 1, Integer::sum);
        notifyAll();
    }

    /** A whole mail has come to the sink, for these forward-paths; its reply is not given yet. */
    Arrived arrived(byte[] content, List<String> forwardPaths) {
        List<Copy> copies = recognition.mail("the sink", content, forwardPaths);
        synchronized (this) {
            for (Copy copy : copies) {
                if (fates.isRefused(copy)) {
                    fault(copy + " was delivered, although it was refused");
                }
                repeats.came(arrivals(copy)).ifPresent(wrong -> fault(copy + " " + wrong));
            }
        }
        return new Arrived(copies, Optional.empty());
    }

    /** The same for a mail without a reverse-path. */
    Arrived bounced(byte[] content, List<String> forwardPaths) {
        Optional<CrashDsn> read = recognition.bounce("the sink", content, forwardPaths);
        synchronized (this) {
            read.flatMap(dsn -> bounces.came(dsn, repeats)).ifPresent(this::fault);
        }
        return new Arrived(List.of(), read.map(CrashDsn::messageId));
    }

    private Arrivals arrivals(Copy copy) {
        return entries.get(copy.id()).arrivals[copy.recipient()];
    }

    /** The 250 for it is written. */
    synchronized void taken(Arrived arrived) {
        long now = System.nanoTime();
        for (Copy copy : arrived.copies()) {
            boolean wasOut = entries.get(copy.id()).isOut(copy.recipient());
            repeats.taken(arrivals(copy), now);
            isOut(copy, wasOut);
        }
        arrived.bounce().ifPresent(id -> {
            repeats.taken(bounces.arrivals(id), now);
            bounces.failed(id).forEach(this::returned);
        });
        notifyAll();
    }

    private void returned(Copy copy) {
        Entry entry = entries.get(copy.id());
        boolean wasOut = entry.isOut(copy.recipient());
        entry.isReturned[copy.recipient()] = true;
        isOut(copy, wasOut);
    }

    private void isOut(Copy copy, boolean wasBefore) {
        Entry entry = entries.get(copy.id());
        if (!wasBefore && entry.answer == Answer.ACCEPTED) {
            outstanding--;
            outstandingOctets -= entry.size;
        }
    }

    /** A recipient was refused for good: a bounce is about to be made. */
    synchronized void refusedAtTheSink() {
        refusedAtTheSink++;
        notifyAll();
    }

    /** Waits for the next one. */
    synchronized void awaitRefusalAtTheSink(Deadline deadline) throws InterruptedException {
        long before = refusedAtTheSink;
        while (refusedAtTheSink == before && !deadline.isPast()) {
            wait(Math.max(1, deadline.left().toMillis()));
        }
    }

    /** The sink died behind the 250, which may not have been read. */
    synchronized void doubted(Arrived arrived) {
        arrived.copies().forEach(copy -> repeats.doubted(arrivals(copy)));
        arrived.bounce().map(bounces::arrivals).ifPresent(repeats::doubted);
    }

    /** A bounce was found in the spool of a server that has ended: what it is about is not lost. */
    void foundBounce(byte[] content, String forwardPath) {
        recognition.bounce("the spool", content, List.of(forwardPath)).ifPresent(dsn -> {
            synchronized (this) {
                dsn.failed().forEach(copy -> entries.get(copy.id()).inSpool[copy.recipient()]++);
            }
        });
    }

    /** A whole mail was found in the spool of a server that has ended. */
    void found(byte[] content, String forwardPath) {
        for (Copy copy : recognition.mail("the spool", content, List.of(forwardPath))) {
            synchronized (this) {
                entries.get(copy.id()).inSpool[copy.recipient()]++;
            }
        }
    }

    /** The server is dead, and nothing of it is on the way any more. */
    synchronized void killed(long when) {
        repeats.killed(when);
    }

    synchronized void fault(String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(what.length() > 2000 ? what.substring(0, 2000) + "…" : what);
        }
    }

    /** Forgets what was found in the spool: it is about to be looked at again. */
    synchronized void forgetSpool() {
        entries.forEach(entry -> Arrays.fill(entry.inSpool, (byte) 0));
    }

    synchronized int begun() {
        return entries.size();
    }

    /** Accepted copies that have not come yet. */
    synchronized long outstanding() {
        return outstanding;
    }

    /** Waits until less is outstanding than this, or the deadline; tells whether it is. */
    synchronized boolean awaitRoom(long copies, long octets, Deadline deadline) throws InterruptedException {
        while (outstanding >= copies || outstandingOctets >= octets) {
            if (deadline.isPast()) {
                return false;
            }
            wait(Math.max(1, Math.min(1000, deadline.left().toMillis())));
        }
        return true;
    }

    /** Waits until this many negative replies had this code, counted from the start. */
    synchronized boolean awaitReplies(String code, long count, Deadline deadline) throws InterruptedException {
        while (repliesLike(code) < count) {
            if (deadline.isPast()) {
                return false;
            }
            wait(Math.max(1, Math.min(1000, deadline.left().toMillis())));
        }
        return true;
    }

    /** Waits until so many mails were accepted, counted from the start. */
    synchronized boolean awaitAccepted(long count, Deadline deadline) throws InterruptedException {
        while (acceptedMails() < count) {
            if (deadline.isPast()) {
                return false;
            }
            wait(Math.max(1, Math.min(1000, deadline.left().toMillis())));
        }
        return true;
    }

    synchronized long repliesLike(String code) {
        return replies.entrySet().stream()
                .filter(reply -> reply.getKey().endsWith(code))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    synchronized long acceptedMails() {
        return acceptedBy.values().stream().mapToLong(Integer::longValue).sum();
    }

    synchronized Verdict verdict() {
        long accepted = 0;
        long delivered = 0;
        long returned = 0;
        long kept = 0;
        long twiceInSpool = 0;
        long refusedButThere = 0;
        List<Copy> lost = new ArrayList<>();
        for (int id = 0; id < entries.size(); id++) {
            Entry entry = entries.get(id);
            for (int which = 0; which < entry.arrivals.length; which++) {
                boolean isThere = entry.isOut(which) || entry.inSpool[which] > 0;
                accepted += entry.answer == Answer.ACCEPTED ? 1 : 0;
                delivered += entry.arrivals[which].isEverTaken() ? 1 : 0;
                returned += entry.isReturned[which] ? 1 : 0;
                kept += !entry.isOut(which) && entry.inSpool[which] > 0 ? 1 : 0;
                twiceInSpool += entry.inSpool[which] > 1 ? 1 : 0;
                refusedButThere += entry.answer == Answer.REFUSED && isThere ? 1 : 0;
                if (entry.answer == Answer.ACCEPTED && !isThere) {
                    lost.add(new Copy(id, which));
                }
            }
        }
        return new Verdict(
                repeats.kills(),
                Map.copyOf(acceptedBy),
                accepted,
                delivered,
                returned,
                bounces.size(),
                kept,
                repeats.byKill(),
                repeats.oldest(),
                repeats.inDoubt(),
                lost,
                twiceInSpool,
                refusedButThere,
                Map.copyOf(replies),
                List.copyOf(faults));
    }
}
