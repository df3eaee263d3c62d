package org.relais.spool.index;

import java.util.Arrays;

/** The messages: one slot each, in parallel arrays. */
final class MessageTable {
    static final int NONE = -1;

    private static final byte LARGE = 1;

    private final LongIntMap byId = new LongIntMap();
    private long[] id = new long[64];
    private long[] location = new long[64];
    private int[] length = new int[64];
    private long[] size = new long[64];
    private byte[] flags = new byte[64];
    private int[] references = new int[64];
    /** The first envelope of the message; of a free slot, the next free one. */
    private int[] first = new int[64];

    private int end;
    private int free = NONE;

    int slotOf(long messageId) {
        return byId.get(messageId);
    }

    int put(MessageEntry entry) {
        int slot = byId.get(entry.id());
        if (slot == LongIntMap.ABSENT) {
            slot = allocate();
            id[slot] = entry.id();
            references[slot] = 0;
            first[slot] = NONE;
            byId.put(entry.id(), slot);
        }
        location[slot] = entry.location();
        length[slot] = entry.length();
        size[slot] = entry.size();
        flags[slot] = entry.isLarge() ? LARGE : 0;
        return slot;
    }

    void remove(int slot) {
        byId.remove(id[slot]);
        id[slot] = 0;
        first[slot] = free;
        free = slot;
    }

    MessageEntry entry(int slot) {
        return new MessageEntry(id[slot], location[slot], length[slot], size[slot], flags[slot] == LARGE);
    }

    boolean isUsed(int slot) {
        return id[slot] != 0;
    }

    long id(int slot) {
        return id[slot];
    }

    long location(int slot) {
        return location[slot];
    }

    void moveTo(int slot, long newLocation) {
        location[slot] = newLocation;
    }

    int references(int slot) {
        return references[slot];
    }

    int first(int slot) {
        return first[slot];
    }

    void setFirst(int slot, int envelope) {
        first[slot] = envelope;
    }

    void refer(int slot, int change) {
        references[slot] += change;
    }

    /** One more than the greatest slot that was ever used. */
    int end() {
        return end;
    }

    int count() {
        return byId.size();
    }

    private int allocate() {
        if (free != NONE) {
            int slot = free;
            free = first[slot];
            return slot;
        }
        if (end == id.length) {
            int capacity = end + (end >> 2) + 64;
            id = Arrays.copyOf(id, capacity);
            location = Arrays.copyOf(location, capacity);
            length = Arrays.copyOf(length, capacity);
            size = Arrays.copyOf(size, capacity);
            flags = Arrays.copyOf(flags, capacity);
            references = Arrays.copyOf(references, capacity);
            first = Arrays.copyOf(first, capacity);
        }
        return end++;
    }
}
