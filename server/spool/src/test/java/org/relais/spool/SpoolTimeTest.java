package org.relais.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SpoolTimeTest {
    private final ManualClock clock = new ManualClock();
    private final SpoolTime time = new SpoolTime(clock, clock);
    private final Instant start = clock.instant();

    @Test
    void followsTheClock() {
        clock.advance(Duration.ofSeconds(90));

        assertThat(time.instant()).isEqualTo(start.plusSeconds(90));
    }

    @Test
    void believesASmallCorrectionForward() {
        clock.leap(Duration.ofMinutes(4));

        assertThat(time.instant()).isEqualTo(start.plus(Duration.ofMinutes(4)));
    }

    @Test
    void takesALeapForwardAtTwiceTheSpeedOfRealTime() {
        clock.leap(Duration.ofDays(365));
        clock.advance(Duration.ofMinutes(10));

        assertThat(time.instant()).isEqualTo(start.plus(Duration.ofMinutes(20)));
    }

    @Test
    void followsAClockThatNobodyAskedForLong() {
        clock.advance(Duration.ofHours(3));

        assertThat(time.instant()).isEqualTo(clock.instant());
    }

    @Test
    void neverRunsAheadOfTheClockAndSaysTheSameTwiceInOneMoment() {
        clock.leap(Duration.ofMinutes(7));
        clock.advance(Duration.ofMinutes(4));
        assertThat(time.instant()).isEqualTo(clock.instant());
        assertThat(time.instant()).isEqualTo(clock.instant());

        clock.leap(Duration.ofMinutes(10));
        clock.advance(Duration.ofHours(1));
        assertThat(time.instant()).isEqualTo(clock.instant());
        assertThat(time.instant()).isEqualTo(clock.instant());
    }

    @Test
    void runsAtHalfSpeedUntilAClockThatWasSetBackHasCaughtUp() {
        clock.leap(Duration.ofMinutes(-10));
        clock.advance(Duration.ofMinutes(10));
        assertThat(time.instant()).isEqualTo(start.plus(Duration.ofMinutes(5)));

        clock.advance(Duration.ofMinutes(30));
        assertThat(time.instant()).isEqualTo(clock.instant());
    }

    @Test
    void goesOnFromTheLastTimeBeforeARestart() {
        time.continueFrom(start.plusSeconds(3600));

        assertThat(time.instant()).isEqualTo(start.plusSeconds(3600));
        clock.advance(Duration.ofSeconds(100));
        assertThat(time.instant()).isEqualTo(start.plusSeconds(3650));
    }
}
