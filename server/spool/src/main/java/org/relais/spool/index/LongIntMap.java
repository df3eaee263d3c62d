package org.relais.spool.index;

/**
 * A map from positive numbers to slots: open addressing with linear probing, at most two thirds full, 12 bytes a place
 * and no object per entry. A removal moves the followers back, so that no tombstones gather.
 */
final class LongIntMap {
    static final int ABSENT = -1;

    private long[] keys = new long[64];
    private int[] values = new int[64];
    private int size;

    int get(long key) {
        int place = place(key);
        return keys[place] == key ? values[place] : ABSENT;
    }

    void put(long key, int value) {
        if (key <= 0) {
            throw new IllegalArgumentException("keys are positive, was " + key);
        }
        int place = place(key);
        if (keys[place] != key) {
            keys[place] = key;
            size++;
        }
        values[place] = value;
        if (size * 3L > keys.length * 2L) {
            grow();
        }
    }

    void remove(long key) {
        int hole = place(key);
        if (keys[hole] != key) {
            return;
        }
        size--;
        int mask = keys.length - 1;
        int next = (hole + 1) & mask;
        while (keys[next] != 0) {
            int home = home(keys[next]);
            // The entry may fill the hole if its home is not cyclically between the hole and itself.
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                keys[hole] = keys[next];
                values[hole] = values[next];
                hole = next;
            }
            next = (next + 1) & mask;
        }
        keys[hole] = 0;
    }

    int size() {
        return size;
    }

    private int place(long key) {
        int mask = keys.length - 1;
        int place = home(key);
        while (keys[place] != 0 && keys[place] != key) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private int home(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 33) & (keys.length - 1);
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int place = place(oldKeys[i]);
                keys[place] = oldKeys[i];
                values[place] = oldValues[i];
            }
        }
    }
}
