package org.relais.chain.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void doublesFromAMinuteToAnHour() {
        assertThat(IntStream.rangeClosed(1, 9).mapToObj(RetrySchedule.STANDARD::delayAfter))
                .extracting(Duration::toMinutes)
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void staysAtTheLongestDelayHoweverOftenItFails() {
        assertThat(RetrySchedule.STANDARD.delayAfter(Integer.MAX_VALUE)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void expiresFiveDaysAfterTheFirstFailure() {
        Failures failures = Failures.first(NOON).oneMore();

        assertThat(RetrySchedule.STANDARD.isExpired(
                        failures, NOON.plus(Duration.ofDays(5)).minusSeconds(1)))
                .isFalse();
        assertThat(RetrySchedule.STANDARD.isExpired(failures, NOON.plus(Duration.ofDays(5))))
                .isTrue();
    }

    @Test
    void refusesDelaysThatMakeNoSense() {
        assertThatThrownBy(() -> new RetrySchedule(Duration.ZERO, Duration.ofHours(1), Duration.ofDays(5)))
                .hasMessageContaining("first delay");
        assertThatThrownBy(() -> new RetrySchedule(Duration.ofHours(2), Duration.ofHours(1), Duration.ofDays(5)))
                .hasMessageContaining("longest");
        assertThatThrownBy(() -> new RetrySchedule(Duration.ofHours(2), Duration.ofHours(2), Duration.ofHours(1)))
                .hasMessageContaining("expiry");
    }
}
