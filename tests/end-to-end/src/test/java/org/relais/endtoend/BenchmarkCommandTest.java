package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.administration.json.JsonReader;
import org.relais.testkit.server.RelaisProcess;
import org.relais.testkit.server.TestHome;

/** {@code relais benchmark} with a server that it starts itself, beside one that runs. */
@Timeout(180)
class BenchmarkCommandTest {
    @TempDir
    Path folder;

    @Test
    void printsItsFiguresAsOneJsonObjectAndLeavesNothingBehind() throws Exception {
        var home = TestHome.in(folder.resolve("home")).create();
        Path disk = Files.createDirectory(folder.resolve("disk"));

        String output;
        try (var relais = RelaisProcess.run(home);
                var command = RelaisProcess.command(
                        home, "", "benchmark", "--json", "--seconds=1", "--warm-up=0", "--in=" + disk)) {
            output = String.join("\n", command.output());
            assertThat(command.awaitExit(Site.SOON)).as(output).isZero();
            assertThat(relais.administration().get("/status")).contains("\"listeners\"");
        }

        Map<String, ?> figures = JsonReader.readObject(output);
        assertThat(figures.keySet())
                .containsExactly(
                        "accepted",
                        "arrived",
                        "acceptedPerSecond",
                        "endToEndPerSecond",
                        "cpuMillisPerMail",
                        "replyMillisP50",
                        "replyMillisP99",
                        "fsyncMillisP50",
                        "lost",
                        "duplicates",
                        "connectionsOut");
        assertThat(count(figures, "accepted")).isPositive().isEqualTo(count(figures, "arrived"));
        assertThat(count(figures, "connectionsOut")).isPositive();
        assertThat(count(figures, "lost")).isZero();
        assertThat(count(figures, "duplicates")).isZero();
        assertUnits(figures);
        assertThat(disk).isEmptyDirectory();
    }

    /** One figure holds to the other, whatever the machine does: seconds are seconds, milliseconds milliseconds. */
    private static void assertUnits(Map<String, ?> figures) {
        double seconds = count(figures, "accepted") / number(figures, "acceptedPerSecond");
        assertThat(seconds).as("measured for a second at least").isGreaterThan(0.99);
        assertThat(number(figures, "replyMillisP99"))
                .isGreaterThanOrEqualTo(number(figures, "replyMillisP50"))
                .as("within the time that was measured")
                .isLessThanOrEqualTo(seconds * 1000 * 1.02); // a quantile is up to 2 % too high
        assertThat(number(figures, "endToEndPerSecond")).isPositive();
        assertThat(number(figures, "fsyncMillisP50")).isPositive();
        double cpuSeconds = number(figures, "cpuMillisPerMail") * count(figures, "arrived") / 1000;
        double took = count(figures, "arrived") / number(figures, "endToEndPerSecond");
        assertThat(cpuSeconds)
                .isPositive()
                .as("what the processors had to give")
                .isLessThan(
                        (took + Site.SOON.toSeconds()) * Runtime.getRuntime().availableProcessors());
    }

    private static long count(Map<String, ?> figures, String name) {
        assertThat(figures.get(name)).as(name).isInstanceOf(Long.class);
        return (Long) figures.get(name);
    }

    private static double number(Map<String, ?> figures, String name) {
        assertThat(figures.get(name)).as(name).isInstanceOf(Number.class);
        return ((Number) figures.get(name)).doubleValue();
    }
}
