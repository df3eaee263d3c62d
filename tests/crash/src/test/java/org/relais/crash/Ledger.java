package org.relais.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.relais.crash.CrashMails.Copy;
import org.relais.testkit.mail.OctetComparison;
import org.relais.testkit.wire.Deadline;

/**
 * What the client was told and what came out. A mail whose reply was not read to its end is unknown: it may come out or
 * not. Safe for use by many threads.
 *
 * <p>A copy that comes twice is a fault, unless a kill lies between the two: delivery is at least once.
 */
final class Ledger {
    private static final int MOST_FAULTS = 20;
    /** What the server puts on top. */
    private static final OctetComparison BELOW_TRACE = OctetComparison.below(
            "Received", "Return-Path", "Delivered-To", "Authentication-Results", "Received-SPF", "X-Relais-Reason");

    private enum Answer {
        UNKNOWN,
        ACCEPTED,
        REFUSED
    }

    /** One mail. Its arrays have a place for each forward-path. */
    private static final class Entry {
        private final int size;
        private final byte[] copies;
        private final byte[] inSpool;
        private final int[] lastRound;
        private final long[] lastArrival;
        private Answer answer = Answer.UNKNOWN;

        private Entry(CrashMails.Plan plan) {
            size = plan.size();
            copies = new byte[plan.recipients()];
            inSpool = new byte[plan.recipients()];
            lastRound = new int[plan.recipients()];
            lastArrival = new long[plan.recipients()];
        }
    }

    private final CrashMails mails;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Integer> replies = new TreeMap<>();
    private final Map<CrashMails.Framing, Integer> acceptedBy = new TreeMap<>();
    private final List<Long> kills = new ArrayList<>();
    private long outstanding;
    private long outstandingOctets;
    private long repeated;
    private long oldestRepeat;

    Ledger(CrashMails mails) {
        this.mails = mails;
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
        for (byte copies : entry.copies) {
            if (copies == 0) {
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

    /** A whole mail has come to the sink, for these forward-paths. */
    void arrived(byte[] content, List<String> forwardPaths) {
        for (Copy copy : identify("the sink", content, forwardPaths)) {
            arrived(copy);
        }
    }

    private synchronized void arrived(Copy copy) {
        Entry entry = entries.get(copy.id());
        int which = copy.recipient();
        if (entry.copies[which] == 0 && entry.answer == Answer.ACCEPTED) {
            outstanding--;
            outstandingOctets -= entry.size;
        }
        if (entry.copies[which] > 0) {
            repeated++;
            if (entry.lastRound[which] == kills.size()) {
                fault(copy + " was delivered twice without a kill between");
            } else {
                oldestRepeat = Math.max(oldestRepeat, kills.get(entry.lastRound[which]) - entry.lastArrival[which]);
            }
        }
        entry.copies[which]++;
        entry.lastRound[which] = kills.size();
        entry.lastArrival[which] = System.nanoTime();
        notifyAll();
    }

    /** A whole mail was found in the spool of a server that has ended. */
    void found(byte[] content, String forwardPath) {
        for (Copy copy : identify("the spool", content, List.of(forwardPath))) {
            synchronized (this) {
                entries.get(copy.id()).inSpool[copy.recipient()]++;
            }
        }
    }

    /** Checks octets and envelope; what is wrong is a fault, and nothing else comes of it. */
    private List<Copy> identify(String where, byte[] content, List<String> forwardPaths) {
        int id = mails.idOf(content).orElse(-1);
        if (id < 0 || id >= begun()) {
            fault("in " + where + ", for " + forwardPaths + ": a mail that nobody sent");
            return List.of();
        }
        List<Copy> copies = new ArrayList<>();
        for (String forwardPath : forwardPaths) {
            Copy copy = CrashMails.copyOf(forwardPath).orElse(new Copy(-1, 0));
            if (copy.id() != id || copy.recipient() >= mails.plan(id).recipients()) {
                fault("in " + where + ": mail " + id + " for " + forwardPath);
            } else {
                copies.add(copy);
            }
        }
        try {
            BELOW_TRACE.of(mails.content(id), content);
            return copies;
        } catch (AssertionError e) {
            fault("in " + where + ": mail " + id + ": " + e.getMessage());
            return List.of();
        }
    }

    /** The server is dead, and nothing of it is on the way any more. */
    synchronized void killed(long when) {
        kills.add(when);
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
        long kept = 0;
        long twiceInSpool = 0;
        long refusedButThere = 0;
        List<Copy> lost = new ArrayList<>();
        for (int id = 0; id < entries.size(); id++) {
            Entry entry = entries.get(id);
            for (int which = 0; which < entry.copies.length; which++) {
                boolean isThere = entry.copies[which] > 0 || entry.inSpool[which] > 0;
                accepted += entry.answer == Answer.ACCEPTED ? 1 : 0;
                delivered += entry.copies[which] > 0 ? 1 : 0;
                kept += entry.copies[which] == 0 && entry.inSpool[which] > 0 ? 1 : 0;
                twiceInSpool += entry.inSpool[which] > 1 ? 1 : 0;
                refusedButThere += entry.answer == Answer.REFUSED && isThere ? 1 : 0;
                if (entry.answer == Answer.ACCEPTED && !isThere) {
                    lost.add(new Copy(id, which));
                }
            }
        }
        return new Verdict(
                kills.size(),
                Map.copyOf(acceptedBy),
                accepted,
                delivered,
                kept,
                repeated,
                Duration.ofNanos(oldestRepeat),
                lost,
                twiceInSpool,
                refusedButThere,
                Map.copyOf(replies),
                List.copyOf(faults));
    }
}
