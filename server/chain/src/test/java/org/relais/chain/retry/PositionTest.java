package org.relais.chain.retry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
    @Test
    void readsWhatItWrote() {
        Position waiting = new Position("my processor", 12, true, "00ff");
        Position before = new Position("root", 0, false, "ab");

        assertThat(Position.parse(waiting.toText())).contains(waiting);
        assertThat(Position.parse(before.toText())).contains(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "root", "2 0 act ab root", "1 x act ab root", "1 0 act zz root", "1 99999999999 act ab r"})
    void readsNothingElse(String text) {
        assertThat(Position.parse(text)).isEmpty();
    }
}
