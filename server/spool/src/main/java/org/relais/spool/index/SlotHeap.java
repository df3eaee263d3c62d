package org.relais.spool.index;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A binary heap of slots that can take any of its slots out again, because each knows its position. The positions
 * belong to the table of the slots, for a slot stands in one heap at most. It takes memory for what it holds, not for what
 * it once held.
 */
final class SlotHeap {
    /** Which of two slots comes first. */
    interface Order {
        boolean isBefore(int slot, int other);
    }

    /** Where a slot stands in its heap. */
    interface Positions {
        int get(int slot);

        void set(int slot, int position);
    }

    private final Order order;
    private final Positions positions;
    private final int least;
    private int[] slots;
    private int size;

    /** @param least slots for which it has room from the start */
    SlotHeap(Order order, Positions positions, int least) {
        this.order = order;
        this.positions = positions;
        this.least = least;
        this.slots = new int[least];
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    int first() {
        return slots[0];
    }

    /** All of them, in no order. */
    IntStream slots() {
        return Arrays.stream(slots, 0, size);
    }

    void add(int slot) {
        if (size == slots.length) {
            slots = Arrays.copyOf(slots, size + (size >> 2) + least);
        }
        size++;
        rise(slot, size - 1);
    }

    void remove(int slot) {
        int position = positions.get(slot);
        int last = slots[--size];
        if (slots.length > 4 * (size + least)) {
            slots = Arrays.copyOf(slots, slots.length / 2);
        }
        if (last == slot) {
            return;
        }
        if (position > 0 && order.isBefore(last, slots[(position - 1) >> 1])) {
            rise(last, position);
        } else {
            sink(last, position);
        }
    }

    private void rise(int slot, int from) {
        int position = from;
        while (position > 0) {
            int parent = (position - 1) >> 1;
            if (!order.isBefore(slot, slots[parent])) {
                break;
            }
            place(slots[parent], position);
            position = parent;
        }
        place(slot, position);
    }

    private void sink(int slot, int from) {
        int position = from;
        while (true) {
            int child = 2 * position + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && order.isBefore(slots[child + 1], slots[child])) {
                child++;
            }
            if (!order.isBefore(slots[child], slot)) {
                break;
            }
            place(slots[child], position);
            position = child;
        }
        place(slot, position);
    }

    private void place(int slot, int position) {
        slots[position] = slot;
        positions.set(slot, position);
    }
}
