package org.relais.administration.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BenchmarkPartsTest {
    private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

    private static SmtpLines lines(String text) {
        return new SmtpLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void everyMailOfTheLoadIsCountedOnceAtTheSink() throws Exception {
        var arrivals = new Arrivals();
        var latencies = new Latencies();

        try (var sink = new Sink(arrivals)) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), sink.port());
            new Load(address, arrivals, 8192).run(4, Duration.ofMillis(200).toNanos(), latencies);
            arrivals.awaitAll(PATIENCE);
            assertThat(sink.connections()).isEqualTo(4);
        }

        var count = arrivals.count();
        assertThat(count.accepted()).isPositive().isEqualTo(count.arrived());
        assertThat(count.outstanding()).isZero();
        assertThat(count.duplicates()).isZero();
        assertThat(latencies.quantileMillis(0.5)).isPositive();
    }

    @Test
    void aServerThatIsNotThereEndsTheLoad() throws Exception {
        var arrivals = new Arrivals();
        var sink = new Sink(arrivals);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), sink.port());
        sink.close();

        assertThatThrownBy(() -> new Load(address, arrivals, 8192).run(2, PATIENCE, new Latencies()))
                .isInstanceOf(BenchmarkFailure.class)
                .hasMessageStartingWith("the load ended: ");
    }

    @Test
    void aMailThatComesAgainIsCountedAsDuplicate() {
        var arrivals = new Arrivals();
        int first = arrivals.number();
        int second = arrivals.number();

        arrivals.arrived(first, 1); // ahead of its 250
        arrivals.accepted(first);
        arrivals.accepted(second);
        arrivals.arrived(first, 2);
        arrivals.arrived(77, 3); // nobody sent it

        assertThat(arrivals.count()).isEqualTo(new Arrivals.Count(2, 1, 1, 1, 1));
    }

    @ParameterizedTest
    @CsvSource({"0.5, 50", "0.99, 99", "1, 100"})
    void aQuantileIsAtMostTwoPercentTooHigh(double share, double millis) {
        var latencies = new Latencies();
        for (int i = 1; i <= 100; i++) {
            latencies.add(Duration.ofMillis(i).toNanos());
        }

        assertThat(latencies.quantileMillis(share)).isCloseTo(millis, within(millis * 0.021));
    }

    @Test
    void quantilesOfNothingAndOfTimesBeyondAllBoundsAreNumbers() {
        var latencies = new Latencies();

        assertThat(latencies.quantileMillis(0.5)).isZero();
        latencies.add(Long.MAX_VALUE);
        latencies.add(-1);
        assertThat(latencies.quantileMillis(0.99)).isFinite().isGreaterThan(3_000_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-A: 7\r\nB: c\r\n\r\n.\r\n",
                "X-A: 7\r\n\r\n..\r\n...\r\n\r\r\n.\r\n",
                "X-A: 7\r\n\r\nx.\r\n.x\r\n\n.\n.\r.\r\n\r\n.\r\n",
                "X-A: 7\r\n.\r\n"
            })
    void contentEndsAtItsFinalDotAndNoSooner(String content) throws Exception {
        var in = lines(content + "NOOP\r\n");

        assertThat(in.content("X-A")).isEqualTo("7");
        assertThat(in.line()).isEqualTo("NOOP");
    }

    @Test
    void aReplyIsReadToItsLastLine() throws Exception {
        var in = lines("250-one\r\n250-two\r\n250 three\r\n354 go\r\n");

        assertThat(in.reply()).isEqualTo("250 three");
        assertThat(in.reply()).isEqualTo("354 go");
        assertThatThrownBy(in::reply).isInstanceOf(EOFException.class);
    }

    @Test
    void aLineWithoutAnEndIsRefused() {
        assertThatThrownBy(() -> lines("2".repeat(5000)).line()).hasMessageContaining("4096");
    }

    @Test
    void theDiskIsMeasuredAndLeftAsItWas(@TempDir Path folder) throws Exception {
        assertThat(DiskProbe.measure(folder, 1024).quantileMillis(0.5)).isPositive();

        assertThat(folder).isEmptyDirectory();
    }
}
