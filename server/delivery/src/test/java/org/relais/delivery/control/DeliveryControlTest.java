package org.relais.delivery.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.delivery.schedule.DestinationPattern;

class DeliveryControlTest {
    private Instant now = Instant.parse("2026-03-02T08:00:00Z");

    @TempDir
    Path folder;

    @Test
    void anOrderOutlivesARestartAndEndsOnTheClock() throws IOException {
        Instant until = now.plus(Duration.ofHours(2));
        var ordered = open().suspend(
                        Selection.ofDestination("*.example.org"), Optional.of(until), "they \"maintain\" it", "admin");
        var control = open();

        assertThat(control.list()).containsExactly(ordered);
        assertThat(control.suspension("mx.example.org", "a@example.com", "b@mx.example.org", "Q1"))
                .contains(ordered);
        assertThat(control.suspension("example.net", "a@example.com", "b@example.net", "Q1"))
                .isEmpty();
        now = until;
        assertThat(control.list()).isEmpty();
        assertThat(control.suspension("mx.example.org", "a@example.com", "b@mx.example.org", "Q1"))
                .isEmpty();
    }

    @Test
    void theLatestRerouteOfASelectionHoldsUntilItIsEnded() throws IOException {
        var control = open();
        var bounces = new Selection(
                Optional.empty(), Optional.of(new DestinationPattern("<>")), Optional.empty(), Set.of("Q1", "Q2"));
        var all = control.reroute(
                Selection.ofDestination("*"), "smtp://backup.example.net:25", Optional.empty(), "line down", "admin");
        var ofBounces = control.reroute(bounces, "smtp://bounces.example.net:25", Optional.empty(), "test", "admin");

        assertThat(control.reroute("example.org", "", "b@example.org", "Q1")).contains(ofBounces);
        assertThat(control.reroute("example.org", "a@example.com", "b@example.org", "Q1"))
                .contains(all);
        assertThat(control.end(all.number())).contains(all);
        assertThat(control.end(all.number())).isEmpty();
        assertThat(open().list()).containsExactly(ofBounces);
    }

    @Test
    void aFileThatCannotBeReadStopsTheStartAndSaysWhatToDo() throws IOException {
        Files.writeString(folder.resolve("delivery.json"), "[{\"number\":\"1\"}");

        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("delivery.json")
                .hasMessageContaining("move it away to start without any");
    }

    @Test
    void anOrderThatCannotBeWrittenDoesNotHold() throws IOException {
        var control = open();
        Files.createDirectory(folder.resolve("delivery.json.new"));

        assertThatThrownBy(() -> control.suspend(Selection.ofDestination("*"), Optional.empty(), "no more", "admin"))
                .isInstanceOf(IOException.class);
        assertThat(control.list()).isEmpty();
    }

    private DeliveryControl open() throws IOException {
        return DeliveryControl.open(new ControlFile(folder.resolve("delivery.json")), () -> now);
    }
}
