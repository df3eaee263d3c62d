package org.relais.spool.index;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is due and parked: a heap for each lane that has any, by priority and time. Made for many lanes with few slots
 * each as well as for few with many: an empty lane costs nothing, and a slot costs four bytes here and four in its
 * heap, and that only once parking was used. Not safe for use by several threads.
 */
final class Lanes {
    private static final int FEW = 4;

    private final EnvelopeTable envelopes;
    private final Map<Long, Lane> byNumber = new HashMap<>();
    private @Nullable Lane[] laneOf = {};

    /** The number is for the end of the lane: a slot knows its lane only. */
    private record Lane(long number, SlotHeap heap) {}

    Lanes(EnvelopeTable envelopes) {
        this.envelopes = envelopes;
    }

    /** Puts a slot that stands nowhere on a lane. */
    void add(int slot, long number) {
        if (slot >= laneOf.length) {
            laneOf = Arrays.copyOf(laneOf, envelopes.end() + (envelopes.end() >> 2) + 64);
        }
        Lane lane = byNumber.get(number);
        if (lane == null) {
            lane = new Lane(number, new SlotHeap(envelopes::isReadyBefore, envelopes, FEW));
            byNumber.put(number, lane);
        }
        lane.heap().add(slot);
        laneOf[slot] = lane;
    }

    /** Takes a slot off its lane. */
    void remove(int slot) {
        Lane lane = laneOf[slot];
        if (lane == null) {
            throw new IllegalStateException("slot " + slot + " is on no lane");
        }
        laneOf[slot] = null;
        lane.heap().remove(slot);
        if (lane.heap().isEmpty()) {
            byNumber.remove(lane.number());
        }
    }

    boolean isOn(int slot, long number) {
        if (slot >= laneOf.length) {
            return false;
        }
        Lane lane = laneOf[slot];
        return lane != null && lane.number() == number;
    }

    int size(long number) {
        Lane lane = byNumber.get(number);
        return lane == null ? 0 : lane.heap().size();
    }

    /** The first of a lane; {@link EnvelopeTable#NONE} if it is empty. */
    int first(long number) {
        Lane lane = byNumber.get(number);
        return lane == null ? EnvelopeTable.NONE : lane.heap().first();
    }

    /** All of a lane that match, in no order. */
    IntStream matching(long number, IntPredicate filter) {
        Lane lane = byNumber.get(number);
        return lane == null ? IntStream.empty() : lane.heap().slots().filter(filter);
    }

    /** Lanes that are not empty. */
    int count() {
        return byNumber.size();
    }
}
