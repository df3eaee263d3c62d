package org.relais.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildProcessTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static ChildProcess sh(String script, String input) {
        return ChildProcess.start(List.of("sh", "-c", script), input, Map.of("GREETING", "hello"));
    }

    @Test
    void keepsOutputAndErrorAndTheExitStatus() {
        try (var child = sh("echo $GREETING; cat >&2; exit 3", "from the test\n")) {
            assertThat(child.awaitExit(SOON)).isEqualTo(3);
            assertThat(child.output()).containsExactly("hello", "from the test");
        }
    }

    @Test
    void waitsForALineAndTellsWhatWasSaidInstead() {
        try (var child = sh("echo one; echo two; exec sleep 60", "")) {
            assertThat(child.awaitLine("two", "two"::equals, SOON)).isEqualTo("two");
            assertThatThrownBy(() -> child.awaitLine("three", "three"::equals, Duration.ofMillis(50)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("one\ntwo");
        }
    }

    @Test
    void doesNotWaitForALineOfAProgramThatHasEnded() {
        try (var child = sh("echo one", "")) {
            child.awaitExit(SOON);

            assertThatThrownBy(() -> child.awaitLine("two", "two"::equals, SOON))
                    .hasMessageContaining("before its end");
        }
    }

    @Test
    void sigtermReachesTheProgram() {
        try (var child = sh("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done", "")) {
            child.awaitLine("up", "up"::equals, SOON);
            assertThat(child.residentOctets()).isPositive();
            assertThat(child.threads()).isEqualTo(1);
            child.terminate();

            assertThat(child.awaitExit(SOON)).isZero();
            assertThat(child.output()).endsWith("bye");
        }
    }

    @Test
    void closeKillsWhatStillRuns() {
        ChildProcess child = sh("trap '' TERM; echo up; while :; do sleep 0.05; done", "");
        child.awaitLine("up", "up"::equals, SOON);

        child.close();

        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void theFreePortsAreApartAndBelowWhatTheSystemHandsOut() {
        RelaisPorts ports = RelaisPorts.free();

        assertThat(List.of(
                        ports.smtp(),
                        ports.submission(),
                        ports.submissions(),
                        ports.pop3(),
                        ports.pop3s(),
                        ports.imap(),
                        ports.imaps(),
                        ports.lmtp(),
                        ports.manageSieve(),
                        ports.administration()))
                .doesNotHaveDuplicates()
                .allMatch(p -> p > 10_000 && p < 32_768);
    }
}
