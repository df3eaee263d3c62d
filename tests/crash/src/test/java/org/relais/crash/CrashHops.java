package org.relais.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.relais.testkit.server.TestHome;

/**
 * Next hops of several kinds, each behind a route of its own: one that loses connections behind the final dot, one that
 * takes BDAT and has another one to fall back on, one that hangs, one for the bounces. For one thread.
 */
final class CrashHops implements AutoCloseable {
    private final List<HopManners> manners;
    private final List<CrashSink> sinks = new ArrayList<>();

    CrashHops(Ledger ledger, long seed) throws IOException {
        manners = List.of(
                HopManners.closing(seed),
                HopManners.chunking(seed + 1),
                HopManners.hanging(seed + 2),
                HopManners.closing(seed + 3));
        for (HopManners one : manners) {
            sinks.add(new CrashSink(ledger, one));
        }
    }

    /** Asks for the routes to them, and for retries that a test can wait for. */
    TestHome.Builder in(TestHome.Builder home) {
        String routes = route(CrashMails.domain(0), 0)
                + route(CrashMails.domain(1), 1, 0)
                + route(CrashMails.domain(2), 2)
                + route(CrashMails.SENDERS, 3);
        return home.with("<routes>" + routes + "</routes>").with("<retries><retry schedule=\"1s\"/></retries>");
    }

    private String route(String domain, int... numbers) {
        String via = Arrays.stream(numbers)
                .mapToObj(number -> "smtp://" + sinks.get(number).hostAndPort())
                .collect(Collectors.joining(" "));
        return "<route to=\"" + domain + "\" via=\"" + via + "\"/>";
    }

    /** Any of them. */
    CrashSink any(Random random) {
        return sinks.get(random.nextInt(sinks.size()));
    }

    /** From now on they do nothing wrong, but for the answers to RCPT that a mail's number brings with it. */
    void calm() {
        manners.forEach(HopManners::calm);
    }

    /** All are there, and have read everything that a dead server sent. */
    void settle() throws IOException, InterruptedException {
        for (CrashSink sink : sinks) {
            sink.up();
            sink.settle();
        }
    }

    @Override
    public void close() throws IOException {
        for (CrashSink sink : sinks) {
            sink.close();
        }
    }
}
