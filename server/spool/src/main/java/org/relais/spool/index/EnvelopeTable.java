package org.relais.spool.index;

import java.util.Arrays;

/** The envelopes: one slot each, in parallel arrays. Envelopes of one message form a doubly linked list. */
final class EnvelopeTable implements SlotHeap.Positions {
    static final int NONE = -1;
    /** Beyond the flags of an entry: claimed, and unreadable. */
    static final int CLAIMED = 16;

    static final int DAMAGED = 32;

    private final LongIntMap byId = new LongIntMap();
    private long[] id = new long[64];
    private long[] location = new long[64];
    private int[] length = new int[64];
    /** The message's slot; of a free slot, the next free one. */
    private int[] message = new int[64];

    private long[] due = new long[64];
    private int[] created = new int[64];
    private int[] queueHash = new int[64];
    private int[] reverseHash = new int[64];
    private int[] domainHash = new int[64];
    private byte[] priority = new byte[64];
    private byte[] flags = new byte[64];
    private int[] position = new int[64];
    private int[] next = new int[64];
    private int[] previous = new int[64];
    private int end;
    private int free = NONE;

    int slotOf(long envelopeId) {
        return byId.get(envelopeId);
    }

    int add(long envelopeId) {
        int slot = allocate();
        id[slot] = envelopeId;
        message[slot] = NONE;
        next[slot] = NONE;
        previous[slot] = NONE;
        flags[slot] = 0;
        byId.put(envelopeId, slot);
        return slot;
    }

    /** Takes over everything but the message, whose lists the index keeps. Ends claim and damage. */
    void set(int slot, EnvelopeEntry entry) {
        location[slot] = entry.location();
        length[slot] = entry.length();
        due[slot] = entry.due();
        created[slot] = entry.created();
        queueHash[slot] = entry.queueHash();
        reverseHash[slot] = entry.reverseHash();
        domainHash[slot] = entry.domainHash();
        priority[slot] = entry.priority();
        flags[slot] = entry.flags();
    }

    EnvelopeEntry entry(int slot, long messageId) {
        return new EnvelopeEntry(
                id[slot],
                messageId,
                location[slot],
                length[slot],
                due[slot],
                created[slot],
                queueHash[slot],
                reverseHash[slot],
                domainHash[slot],
                priority[slot],
                (byte) (flags[slot] & ~(CLAIMED | DAMAGED)));
    }

    void remove(int slot) {
        byId.remove(id[slot]);
        id[slot] = 0;
        message[slot] = free;
        free = slot;
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

    int length(int slot) {
        return length[slot];
    }

    int message(int slot) {
        return message[slot];
    }

    void setMessage(int slot, int messageSlot) {
        message[slot] = messageSlot;
    }

    long due(int slot) {
        return due[slot];
    }

    int created(int slot) {
        return created[slot];
    }

    int queueHash(int slot) {
        return queueHash[slot];
    }

    int reverseHash(int slot) {
        return reverseHash[slot];
    }

    int domainHash(int slot) {
        return domainHash[slot];
    }

    int stage(int slot) {
        return flags[slot] & EnvelopeEntry.STAGE;
    }

    boolean has(int slot, int flag) {
        return (flags[slot] & flag) != 0;
    }

    void set(int slot, int flag, boolean value) {
        flags[slot] = (byte) (value ? flags[slot] | flag : flags[slot] & ~flag);
    }

    int next(int slot) {
        return next[slot];
    }

    int previous(int slot) {
        return previous[slot];
    }

    void setNext(int slot, int other) {
        next[slot] = other;
    }

    void setPrevious(int slot, int other) {
        previous[slot] = other;
    }

    @Override
    public int get(int slot) {
        return position[slot];
    }

    @Override
    public void set(int slot, int place) {
        position[slot] = place;
    }

    boolean isDueBefore(int slot, int other) {
        return due[slot] != due[other] ? due[slot] < due[other] : id[slot] < id[other];
    }

    boolean isReadyBefore(int slot, int other) {
        return priority[slot] != priority[other] ? priority[slot] > priority[other] : isDueBefore(slot, other);
    }

    int end() {
        return end;
    }

    int count() {
        return byId.size();
    }

    private int allocate() {
        if (free != NONE) {
            int slot = free;
            free = message[slot];
            return slot;
        }
        if (end == id.length) {
            grow(end + (end >> 2) + 64);
        }
        return end++;
    }

    /** One array after the other, so that the peak is one array and not the table. */
    private void grow(int capacity) {
        id = Arrays.copyOf(id, capacity);
        location = Arrays.copyOf(location, capacity);
        length = Arrays.copyOf(length, capacity);
        message = Arrays.copyOf(message, capacity);
        due = Arrays.copyOf(due, capacity);
        created = Arrays.copyOf(created, capacity);
        queueHash = Arrays.copyOf(queueHash, capacity);
        reverseHash = Arrays.copyOf(reverseHash, capacity);
        domainHash = Arrays.copyOf(domainHash, capacity);
        priority = Arrays.copyOf(priority, capacity);
        flags = Arrays.copyOf(flags, capacity);
        position = Arrays.copyOf(position, capacity);
        next = Arrays.copyOf(next, capacity);
        previous = Arrays.copyOf(previous, capacity);
    }
}
