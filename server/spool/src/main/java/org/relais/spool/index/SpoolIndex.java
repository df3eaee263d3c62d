package org.relais.spool.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.relais.spool.BrowseFilter;
import org.relais.spool.EnvelopeId;
import org.relais.spool.Page;
import org.relais.spool.Stage;

/**
 * Every envelope and message of the spool by number, who refers to what, and the {@link Schedule}. Not safe for use by
 * several threads.
 */
public final class SpoolIndex {
    /** Told of each record that nothing refers to any more. */
    public interface Garbage {
        void envelope(long id, long location, int length);

        void message(MessageEntry entry);
    }

    private final Garbage garbage;
    private final EnvelopeTable envelopes = new EnvelopeTable();
    private final MessageTable messages = new MessageTable();
    private final Schedule schedule = new Schedule(envelopes);

    private long bytes;
    private int removedCount;

    public SpoolIndex(Garbage garbage) {
        this.garbage = garbage;
    }

    // ------------------------------------------------------------------ content

    public void putMessage(MessageEntry entry) {
        int slot = messages.slotOf(entry.id());
        if (slot != MessageTable.NONE) {
            MessageEntry old = messages.entry(slot);
            bytes -= old.size();
            if (old.location() != entry.location()) {
                garbage.message(old);
            }
        }
        messages.put(entry);
        bytes += entry.size();
    }

    public Optional<MessageEntry> message(long id) {
        int slot = messages.slotOf(id);
        return slot == MessageTable.NONE ? Optional.empty() : Optional.of(messages.entry(slot));
    }

    /** Adds an envelope or replaces what is known of it. Its message must be there; a claim on it ends. */
    public void putEnvelope(EnvelopeEntry entry) {
        int message = messages.slotOf(entry.message());
        if (message == MessageTable.NONE) {
            throw new IllegalStateException("envelope " + entry.id() + " without its message " + entry.message());
        }
        int slot = envelopes.slotOf(entry.id());
        if (slot == EnvelopeTable.NONE) {
            slot = envelopes.add(entry.id());
            schedule.add(slot);
            link(slot, message);
        } else {
            schedule.takeOut(slot);
            forget(slot, entry.location());
            if (envelopes.message(slot) != message) {
                unlink(slot);
                link(slot, message);
            }
        }
        bytes += entry.length();
        removedCount += entry.isRemoved() ? 1 : 0;
        envelopes.set(slot, entry);
        schedule.place(slot);
    }

    public void removeEnvelope(long id) {
        int slot = envelopes.slotOf(id);
        if (slot != EnvelopeTable.NONE) {
            schedule.takeOut(slot);
            forget(slot, -1);
            unlink(slot);
            envelopes.remove(slot);
        }
    }

    /** Removes the message if no envelope refers to it. To be called when a step is over. */
    public Optional<MessageEntry> dropIfUnused(long messageId) {
        int slot = messages.slotOf(messageId);
        if (slot == MessageTable.NONE || messages.references(slot) > 0) {
            return Optional.empty();
        }
        MessageEntry entry = messages.entry(slot);
        messages.remove(slot);
        bytes -= entry.size();
        garbage.message(entry);
        return Optional.of(entry);
    }

    /** All messages that no envelope refers to, for the end of a recovery. */
    public void dropUnused(Consumer<MessageEntry> dropped) {
        for (int slot = 0; slot < messages.end(); slot++) {
            if (messages.isUsed(slot) && messages.references(slot) == 0) {
                dropIfUnused(messages.id(slot)).ifPresent(dropped);
            }
        }
    }

    public Optional<EnvelopeEntry> envelope(long id) {
        int slot = envelopes.slotOf(id);
        return slot == EnvelopeTable.NONE ? Optional.empty() : Optional.of(entryAt(slot));
    }

    /** The message's number of an envelope that is there. */
    public long messageOf(long id) {
        return messages.id(envelopes.message(envelopes.slotOf(id)));
    }

    // ------------------------------------------------------------------ relocation

    public boolean isEnvelopeAt(long id, long location) {
        int slot = envelopes.slotOf(id);
        return slot != EnvelopeTable.NONE && envelopes.location(slot) == location;
    }

    public boolean isMessageAt(long id, long location) {
        int slot = messages.slotOf(id);
        return slot != MessageTable.NONE && messages.location(slot) == location;
    }

    public boolean moveEnvelope(long id, long from, long to) {
        boolean isThere = isEnvelopeAt(id, from);
        if (isThere) {
            int slot = envelopes.slotOf(id);
            garbage.envelope(id, from, envelopes.length(slot));
            envelopes.moveTo(slot, to);
        }
        return isThere;
    }

    public boolean moveMessage(long id, long from, long to) {
        boolean isThere = isMessageAt(id, from);
        if (isThere) {
            int slot = messages.slotOf(id);
            garbage.message(messages.entry(slot));
            messages.moveTo(slot, to);
        }
        return isThere;
    }

    // ------------------------------------------------------------------ schedule

    /**
     * Claims up to {@code atMost} due envelopes and, with each, those of the same message that are due too, at most
     * {@code together} of one message.
     */
    public List<Long> claimDue(Stage stage, int atMost, int together, long now) {
        List<Long> claimed = new ArrayList<>();
        while (claimed.size() < atMost && schedule.isDue(stage, now)) {
            int first = schedule.firstDue(stage);
            int message = envelopes.message(first);
            claimSlot(first);
            claimed.add(envelopes.id(first));
            int count = 1;
            for (int slot = oldest(message, first); slot != EnvelopeTable.NONE && count < together; ) {
                int following = envelopes.previous(slot);
                if (schedule.isReady(slot, stage)) {
                    claimSlot(slot);
                    claimed.add(envelopes.id(slot));
                    count++;
                }
                slot = following;
            }
        }
        return claimed;
    }

    /** The list's end is its oldest envelope; a message with one envelope, the usual case, has no other. */
    private int oldest(int message, int only) {
        if (messages.references(message) == 1) {
            return EnvelopeTable.NONE;
        }
        int slot = only;
        while (envelopes.next(slot) != EnvelopeTable.NONE) {
            slot = envelopes.next(slot);
        }
        return slot;
    }

    /** Claims that envelope, wherever it stands; false if it is unknown, claimed or unreadable. */
    public boolean claim(long id) {
        int slot = envelopes.slotOf(id);
        if (slot == EnvelopeTable.NONE || envelopes.has(slot, EnvelopeTable.CLAIMED | EnvelopeTable.DAMAGED)) {
            return false;
        }
        claimSlot(slot);
        return true;
    }

    /** Ends the claim on that envelope and puts it on the lane, if it is due; false if it only ends the claim. */
    public boolean park(long id, long lane, long now) {
        int slot = envelopes.slotOf(id);
        if (slot == EnvelopeTable.NONE || !envelopes.has(slot, EnvelopeTable.CLAIMED)) {
            return false;
        }
        envelopes.set(slot, EnvelopeTable.CLAIMED, false);
        return schedule.park(slot, lane, now);
    }

    /** As {@link #claimDue}, of those that are parked on that lane. */
    public List<Long> claimParked(long lane, int atMost, int together) {
        List<Long> claimed = new ArrayList<>();
        while (claimed.size() < atMost && parked(lane) > 0) {
            int first = schedule.lanes().first(lane);
            int[] mates = matesOnLane(first, lane, together - 1);
            claimSlot(first);
            claimed.add(envelopes.id(first));
            for (int slot : mates) {
                claimSlot(slot);
                claimed.add(envelopes.id(slot));
            }
        }
        return claimed;
    }

    /**
     * Looks through the lane or through the message's envelopes, whichever are fewer: a message to 100,000 on 10,000
     * lanes is as quick as a lane with 100,000 messages.
     */
    private int[] matesOnLane(int first, long lane, int atMost) {
        int message = envelopes.message(first);
        IntStream mates;
        if (parked(lane) < messages.references(message)) {
            mates = schedule.lanes().matching(lane, slot -> envelopes.message(slot) == message);
        } else {
            mates = IntStream.iterate(
                            messages.first(message), slot -> slot != EnvelopeTable.NONE, slot -> envelopes.next(slot))
                    .filter(slot -> schedule.lanes().isOn(slot, lane));
        }
        return mates.filter(slot -> slot != first)
                .boxed()
                .sorted(Comparator.comparingLong(envelopes::id))
                .limit(atMost)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** How many are parked on that lane. */
    public int parked(long lane) {
        return schedule.lanes().size(lane);
    }

    /** At most so many of that lane stand in the schedule again as others do. */
    public void unpark(long lane, int atMost) {
        for (int left = Math.min(atMost, parked(lane)); left > 0; left--) {
            int slot = schedule.lanes().first(lane);
            schedule.takeOut(slot);
            schedule.place(slot);
        }
    }

    public void release(long id) {
        int slot = envelopes.slotOf(id);
        if (slot != EnvelopeTable.NONE && envelopes.has(slot, EnvelopeTable.CLAIMED)) {
            envelopes.set(slot, EnvelopeTable.CLAIMED, false);
            schedule.place(slot);
        }
    }

    /** Marks an envelope as unreadable: it is kept, but nobody gets it any more. */
    public void setAside(long id) {
        int slot = envelopes.slotOf(id);
        if (slot != EnvelopeTable.NONE) {
            schedule.takeOut(slot);
            envelopes.set(slot, EnvelopeTable.CLAIMED, false);
            envelopes.set(slot, EnvelopeTable.DAMAGED, true);
        }
    }

    /** That envelope, then others of its message with its queue id, as far as the index can tell. */
    public List<Long> ofSameMail(long id, int atMost) {
        List<Long> found = new ArrayList<>();
        int own = envelopes.slotOf(id);
        if (own != EnvelopeTable.NONE) {
            found.add(id);
            int slot = messages.first(envelopes.message(own));
            for (; slot != EnvelopeTable.NONE && found.size() < atMost; slot = envelopes.next(slot)) {
                if (slot != own && envelopes.queueHash(slot) == envelopes.queueHash(own)) {
                    found.add(envelopes.id(slot));
                }
            }
        }
        return found;
    }

    public boolean isRemoved(long id) {
        int slot = envelopes.slotOf(id);
        return slot != EnvelopeTable.NONE && envelopes.has(slot, EnvelopeEntry.REMOVED);
    }

    public boolean isSetAside(long id) {
        int slot = envelopes.slotOf(id);
        return slot != EnvelopeTable.NONE && envelopes.has(slot, EnvelopeTable.DAMAGED);
    }

    public boolean isDue(Stage stage, long now) {
        return schedule.isDue(stage, now);
    }

    /** When the next envelope of that stage becomes due, in milliseconds since 1970; {@link Long#MAX_VALUE}: none. */
    public long nextDue(Stage stage) {
        return schedule.nextDue(stage);
    }

    /** Removed envelopes whose removal is before {@code before}, at most {@code limit}. */
    public List<Long> removedBefore(long before, int limit) {
        List<Long> claimed = new ArrayList<>();
        while (claimed.size() < limit && schedule.isRemovedBefore(before)) {
            int slot = schedule.firstRemoved();
            claimSlot(slot);
            claimed.add(envelopes.id(slot));
        }
        return claimed;
    }

    private void claimSlot(int slot) {
        schedule.takeOut(slot);
        envelopes.set(slot, EnvelopeTable.CLAIMED, true);
    }

    // ------------------------------------------------------------------ browse

    /** The {@code count} lowest numbers above {@code after} that may match; the details tell for certain. */
    public List<Long> candidates(BrowseFilter filter, long after, int count) {
        PriorityQueue<Long> lowest = new PriorityQueue<>(count, (a, b) -> Long.compare(b, a));
        SlotFilter mayMatch = new SlotFilter(envelopes, filter);
        for (int slot = 0; slot < envelopes.end(); slot++) {
            long id = envelopes.id(slot);
            if (id > after && mayMatch.test(slot) && (lowest.size() < count || id < lowest.element())) {
                lowest.add(id);
                if (lowest.size() > count) {
                    lowest.remove();
                }
            }
        }
        return lowest.stream().sorted().toList();
    }

    public Page.Status status(EnvelopeId id, boolean isHoldingAll, long now) {
        int slot = envelopes.slotOf(id.value());
        if (slot == EnvelopeTable.NONE || envelopes.has(slot, EnvelopeEntry.REMOVED)) {
            return Page.Status.REMOVED;
        } else if (envelopes.has(slot, EnvelopeTable.CLAIMED)) {
            return Page.Status.CLAIMED;
        } else if (isHoldingAll || envelopes.has(slot, EnvelopeEntry.HELD | EnvelopeTable.DAMAGED)) {
            return Page.Status.HELD;
        }
        return envelopes.due(slot) <= now ? Page.Status.DUE : Page.Status.WAITING;
    }

    // ------------------------------------------------------------------ all of it

    /** Slots of messages, for {@link #messages(int, int, Consumer)}. */
    public int messageSlots() {
        return messages.end();
    }

    public int envelopeSlots() {
        return envelopes.end();
    }

    public void messages(int from, int to, Consumer<MessageEntry> each) {
        used(from, Math.min(to, messages.end()), messages::isUsed, slot -> each.accept(messages.entry(slot)));
    }

    public void envelopes(int from, int to, Consumer<EnvelopeEntry> each) {
        used(from, Math.min(to, envelopes.end()), envelopes::isUsed, slot -> each.accept(entryAt(slot)));
    }

    private static void used(int from, int to, IntPredicate isUsed, IntConsumer each) {
        for (int slot = from; slot < to; slot++) {
            if (isUsed.test(slot)) {
                each.accept(slot);
            }
        }
    }

    /** Envelopes, removed ones included. */
    public int envelopeCount() {
        return envelopes.count();
    }

    /** Envelopes without removed ones. */
    public int liveCount() {
        return envelopes.count() - removedCount;
    }

    public int messageCount() {
        return messages.count();
    }

    /** Bytes of all messages and envelopes. */
    public long bytes() {
        return bytes;
    }

    private EnvelopeEntry entryAt(int slot) {
        return envelopes.entry(slot, messages.id(envelopes.message(slot)));
    }

    private void forget(int slot, long newLocation) {
        bytes -= envelopes.length(slot);
        removedCount -= envelopes.has(slot, EnvelopeEntry.REMOVED) ? 1 : 0;
        if (envelopes.location(slot) != newLocation) {
            garbage.envelope(envelopes.id(slot), envelopes.location(slot), envelopes.length(slot));
        }
    }

    private void link(int slot, int message) {
        int first = messages.first(message);
        envelopes.setMessage(slot, message);
        envelopes.setNext(slot, first);
        envelopes.setPrevious(slot, EnvelopeTable.NONE);
        if (first != EnvelopeTable.NONE) {
            envelopes.setPrevious(first, slot);
        }
        messages.setFirst(message, slot);
        messages.refer(message, 1);
    }

    private void unlink(int slot) {
        int message = envelopes.message(slot);
        int next = envelopes.next(slot);
        int previous = envelopes.previous(slot);
        if (next != EnvelopeTable.NONE) {
            envelopes.setPrevious(next, previous);
        }
        if (previous == EnvelopeTable.NONE) {
            messages.setFirst(message, next);
        } else {
            envelopes.setNext(previous, next);
        }
        messages.refer(message, -1);
    }
}
