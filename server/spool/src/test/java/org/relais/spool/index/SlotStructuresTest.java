package org.relais.spool.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The compact structures against those of the JDK. */
final class SlotStructuresTest {

    @Test
    void mapsAsAHashMapDoes() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        LongIntMap map = new LongIntMap();
        Map<Long, Integer> model = new HashMap<>();

        for (int i = 0; i < 200_000; i++) {
            long key = 1 + random.nextInt(5_000);
            if (random.nextInt(3) == 0) {
                map.remove(key);
                model.remove(key);
            } else {
                map.put(key, i);
                model.put(key, i);
            }
        }

        assertThat(map.size()).isEqualTo(model.size());
        for (long key = 1; key <= 5_000; key++) {
            assertThat(map.get(key)).isEqualTo(model.getOrDefault(key, LongIntMap.ABSENT));
        }
    }

    @Test
    void ordersAsATreeSetDoesAndTakesOutWhatIsInTheMiddle() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int[] keys = random.ints(1_000, 0, 100).toArray();
        int[] positions = new int[keys.length];
        Comparator<Integer> order =
                Comparator.<Integer>comparingInt(slot -> keys[slot]).thenComparing(slot -> slot);
        SlotHeap heap = new SlotHeap(
                (a, b) -> order.compare(a, b) < 0,
                new SlotHeap.Positions() {
                    @Override
                    public int get(int slot) {
                        return positions[slot];
                    }

                    @Override
                    public void set(int slot, int position) {
                        positions[slot] = position;
                    }
                },
                4);
        TreeSet<Integer> model = new TreeSet<>(order);

        for (int i = 0; i < 100_000; i++) {
            int slot = random.nextInt(keys.length);
            if (model.remove(slot)) {
                heap.remove(slot);
            } else {
                model.add(slot);
                heap.add(slot);
            }
            assertThat(heap.size()).isEqualTo(model.size());
            if (!model.isEmpty()) {
                assertThat(heap.first()).isEqualTo(model.first());
            }
        }
    }
}
