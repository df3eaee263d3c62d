package org.relais.spool.index;

import java.util.Arrays;
import org.relais.spool.Stage;

/**
 * Who is due: for each stage a heap of those whose time is still to come, by time, and one of those that are due, by
 * priority and time; what is due and parked stands in the heap of its {@linkplain Lanes lane} instead. What is claimed,
 * held or unreadable stands in no heap; what is removed waits in a heap of its own for the end of its retention. Not
 * safe for use by several threads.
 */
final class Schedule {
    private static final int REMOVED = 1;
    private static final int WAITING = 2;
    private static final int READY = WAITING + Stage.values().length;
    private static final int PARKED = READY + Stage.values().length;
    private static final int LEAST = 64;

    private final EnvelopeTable envelopes;
    private final SlotHeap[] heaps = new SlotHeap[PARKED];
    private final Lanes lanes;
    /** The number of the heap in which a slot stands, 0 for none, {@link #PARKED} for that of a lane. */
    private byte[] heapOf = new byte[64];

    Schedule(EnvelopeTable envelopes) {
        this.envelopes = envelopes;
        this.lanes = new Lanes(envelopes);
        for (int heap = REMOVED; heap < READY; heap++) {
            heaps[heap] = new SlotHeap(envelopes::isDueBefore, envelopes, LEAST);
        }
        for (int heap = READY; heap < heaps.length; heap++) {
            heaps[heap] = new SlotHeap(envelopes::isReadyBefore, envelopes, LEAST);
        }
    }

    /** A slot that is new, or used again: it stands nowhere. */
    void add(int slot) {
        if (slot >= heapOf.length) {
            heapOf = Arrays.copyOf(heapOf, slot + (slot >> 2) + 64);
        }
        heapOf[slot] = 0;
    }

    /** Puts a slot that stands nowhere where its flags say. */
    void place(int slot) {
        if (envelopes.has(slot, EnvelopeTable.CLAIMED | EnvelopeTable.DAMAGED)) {
            return;
        }
        if (envelopes.has(slot, EnvelopeEntry.REMOVED)) {
            enter(slot, REMOVED);
        } else if (!envelopes.has(slot, EnvelopeEntry.HELD)) {
            enter(slot, WAITING + envelopes.stage(slot));
        }
    }

    void takeOut(int slot) {
        int heap = heapOf[slot];
        if (heap == PARKED) {
            lanes.remove(slot);
        } else if (heap != 0) {
            heaps[heap].remove(slot);
        }
        heapOf[slot] = 0;
    }

    /** Puts a slot that stands nowhere on that lane if it is due, and else where its flags say: then false. */
    boolean park(int slot, long lane, long now) {
        int flags = EnvelopeTable.CLAIMED | EnvelopeTable.DAMAGED | EnvelopeEntry.REMOVED | EnvelopeEntry.HELD;
        if (envelopes.has(slot, flags) || envelopes.due(slot) > now) {
            place(slot);
            return false;
        }
        heapOf[slot] = (byte) PARKED;
        lanes.add(slot, lane);
        return true;
    }

    Lanes lanes() {
        return lanes;
    }

    boolean isDue(Stage stage, long now) {
        SlotHeap waiting = heaps[WAITING + stage.ordinal()];
        while (!waiting.isEmpty() && envelopes.due(waiting.first()) <= now) {
            int slot = waiting.first();
            waiting.remove(slot);
            enter(slot, READY + stage.ordinal());
        }
        return !heaps[READY + stage.ordinal()].isEmpty();
    }

    int firstDue(Stage stage) {
        return heaps[READY + stage.ordinal()].first();
    }

    boolean isReady(int slot, Stage stage) {
        return heapOf[slot] == READY + stage.ordinal();
    }

    /** In milliseconds since 1970; {@link Long#MAX_VALUE}: never. */
    long nextDue(Stage stage) {
        SlotHeap waiting = heaps[WAITING + stage.ordinal()];
        return waiting.isEmpty() ? Long.MAX_VALUE : envelopes.due(waiting.first());
    }

    boolean isRemovedBefore(long before) {
        SlotHeap removed = heaps[REMOVED];
        return !removed.isEmpty() && envelopes.due(removed.first()) <= before;
    }

    int firstRemoved() {
        return heaps[REMOVED].first();
    }

    private void enter(int slot, int heap) {
        heapOf[slot] = (byte) heap;
        heaps[heap].add(slot);
    }
}
