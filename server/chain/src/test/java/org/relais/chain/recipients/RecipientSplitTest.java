package org.relais.chain.recipients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecipientSplitTest {
    @Test
    void takesNullAndEmptyForNobody() {
        assertThat(RecipientSplit.of(List.of("a", "b"), null).isNone()).isTrue();
        assertThat(RecipientSplit.of(List.of("a", "b"), List.of()).rest()).containsExactly("a", "b");
    }

    @Test
    void keepsTheOrderOfTheMail() {
        var split = RecipientSplit.of(List.of("a", "b", "c", "d"), List.of("d", "b"));

        assertThat(split.matched()).containsExactly("b", "d");
        assertThat(split.rest()).containsExactly("a", "c");
    }

    @Test
    void seesThatAllMatched() {
        assertThat(RecipientSplit.of(List.of("a", "b"), List.of("b", "a")).isAll())
                .isTrue();
    }

    @Test
    void addsNobodyWhomTheMatcherMadeUp() {
        var split = RecipientSplit.of(List.of("a", "b"), List.of("b", "mallory"));

        assertThat(split.matched()).containsExactly("b");
    }

    @Test
    void putsEveryRecipientIntoExactlyOneSide() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<Integer> all = random.ints(random.nextInt(12), 0, 8).boxed().toList();
            List<Integer> answer = random.ints(random.nextInt(12), 0, 8).boxed().toList();

            var split = RecipientSplit.of(all, answer);

            List<Integer> both = new ArrayList<>(split.matched());
            both.addAll(split.rest());
            assertThat(both).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(all);
            assertThat(split.matched()).as("seed %d", seed).allMatch(answer::contains);
            assertThat(split.rest()).as("seed %d", seed).noneMatch(answer::contains);
        }
    }
}
