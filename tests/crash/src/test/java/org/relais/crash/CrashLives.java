package org.relais.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.relais.testkit.wire.Deadline;

/** The lives of one server, each ended by a kill. For one thread. */
final class CrashLives {
    private static final int LONGEST_LIFE = 3_000;
    /** How long behind the refusal of a recipient its bounce is made, at most, mostly. */
    private static final int BOUNCE = 60;

    private final CrashServer server;
    private final Ledger ledger;
    private final Settling sinks;
    private final Random random;
    private Duration start = Duration.ofSeconds(3);
    private boolean isRetryDue;

    /** Waits until the sinks have read everything that a dead server sent. */
    interface Settling {
        void settle() throws IOException, InterruptedException;
    }

    CrashLives(CrashServer server, Ledger ledger, Settling sinks, Random random) {
        this.server = server;
        this.ledger = ledger;
        this.sinks = sinks;
        this.random = random;
    }

    /** One life: one in four ends while it starts, the others at a random moment under load. */
    void liveAndDie() throws IOException, InterruptedException {
        if (isBorn()) {
            dieAfter(upTo(LONGEST_LIFE));
        }
    }

    /**
     * The same; some lives end while a bounce is made, in some this sink dies first, to come back while the server lives or
     * when it is dead. What has to wait because of that is tried again when an operator says so.
     */
    void liveAndDie(CrashSink sink, Operator operator) throws IOException, InterruptedException {
        if (!isBorn()) {
            return;
        }
        if (isRetryDue) {
            operator.retryAll();
            isRetryDue = false;
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                ledger.awaitRefusalAtTheSink(Deadline.in(Duration.ofMillis(LONGEST_LIFE)));
                dieAfter(upTo(BOUNCE));
            }
            case 1 -> {
                server.liveFor(upTo(LONGEST_LIFE));
                sink.down();
                isRetryDue = true;
                server.liveFor(upTo(LONGEST_LIFE / 4));
                if (random.nextBoolean()) {
                    sink.up();
                    server.liveFor(upTo(LONGEST_LIFE / 2));
                }
                dieAfter(Duration.ZERO);
            }
            default -> dieAfter(upTo(LONGEST_LIFE));
        }
    }

    private boolean isBorn() throws IOException, InterruptedException {
        long began = System.nanoTime();
        server.start();
        if (random.nextInt(4) == 0) {
            dieAfter(upTo((int) start.toMillis()));
            return false;
        }
        server.awaitGreeting();
        start = Duration.ofNanos(System.nanoTime() - began);
        return true;
    }

    private Duration upTo(int millis) {
        return Duration.ofMillis(random.nextInt(millis));
    }

    void dieAfter(Duration life) throws IOException, InterruptedException {
        server.killAfter(life);
        long died = System.nanoTime();
        sinks.settle();
        ledger.killed(died);
    }

    /** Waits for what is outstanding for as long as some of it comes; none may come for so long. */
    void drain(Duration standstill) throws InterruptedException {
        long left = ledger.outstanding();
        while (left > 0) {
            server.liveFor(Duration.ZERO);
            if (!ledger.awaitRoom(left, Long.MAX_VALUE, Deadline.in(standstill))) {
                return;
            }
            left = ledger.outstanding();
        }
    }

    /** The same, with an operator who has all that waits tried again while nothing comes. */
    void drain(Duration standstill, Operator operator) throws InterruptedException {
        Deadline end = Deadline.in(standstill);
        long left = ledger.outstanding();
        operator.retryAll();
        while (left > 0 && !end.isPast()) {
            drain(Duration.ofSeconds(5));
            operator.retryAll();
            if (ledger.outstanding() < left) {
                end = Deadline.in(standstill);
            }
            left = ledger.outstanding();
        }
    }
}
