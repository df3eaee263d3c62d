package org.relais.mailets.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relais.delivery.Outcome;
import org.relais.model.EnhancedStatus;

class ChainScheduleTest {
    private static final Outcome DEFERRED = new Outcome.Deferred(new EnhancedStatus(4, 2, 0), "451 4.2.0 later");
    private static final List<Duration> DELAYS = List.of(Duration.ofMinutes(5), Duration.ofHours(1));

    @ParameterizedTest
    @CsvSource({"1, PT0S", "2, PT5M", "3, PT1H5M", "6, PT4H5M"})
    void aMailIsGivenUpAtTheAgeOfItsLastAttempt(int mostAttempts, Duration age) {
        var schedule = new ChainSchedule(DELAYS, mostAttempts);

        assertThat(schedule.expiry("example.org", DEFERRED, Duration.ZERO)).contains(age);
        assertThat(sumOfDelays(schedule)).isEqualTo(age);
    }

    private static Duration sumOfDelays(ChainSchedule schedule) {
        Duration age = Duration.ZERO;
        Optional<Duration> delay = schedule.after("example.org", DEFERRED, 1, age);
        for (int attempts = 2; delay.isPresent(); attempts++) {
            age = age.plus(delay.get());
            delay = schedule.after("example.org", DEFERRED, attempts, age);
        }
        return age;
    }

    @ParameterizedTest
    @CsvSource({"2147483647, PT1H", "2000000000, PT8760H"})
    void aScheduleOfManyYearsNamesNoEnd(int mostAttempts, Duration delay) {
        var schedule = new ChainSchedule(List.of(delay), mostAttempts);

        assertThat(schedule.expiry("example.org", DEFERRED, Duration.ZERO)).isEmpty();
    }
}
