package org.relais.crash;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.relais.testkit.wire.Deadline;

/**
 * A load that goes on over the server's deaths: each of its connections is opened again until {@link #close()}. It waits
 * while much of what was accepted has not come yet, so that a run ends soon behind its last kill.
 */
final class CrashLoad implements AutoCloseable {
    private static final Duration BEFORE_THE_NEXT_TRY = Duration.ofMillis(25);
    private static final Duration STOP = Duration.ofSeconds(90);
    private static final int MOST_ON_A_CONNECTION = 40;

    private final int port;
    private final Ledger ledger;
    private final long mostCopies;
    private final long mostOctets;
    private final ExecutorService threads;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private CrashLoad(int port, Ledger ledger, int connections, long seed, long mostCopies, long mostOctets) {
        this.port = port;
        this.ledger = ledger;
        this.mostCopies = mostCopies;
        this.mostOctets = mostOctets;
        this.threads = Executors.newFixedThreadPool(connections, run -> {
            Thread thread = new Thread(run, "crash-load");
            thread.setDaemon(true);
            return thread;
        });
        for (int i = 0; i < connections; i++) {
            Random random = new Random(seed + i);
            threads.execute(() -> connections(random));
        }
        threads.shutdown();
    }

    /** A load for a server that delivers; it pauses while so many octets are on the way. */
    static CrashLoad delivered(int port, Ledger ledger, long seed, long mostOctets) {
        return new CrashLoad(port, ledger, 8 + new Random(seed).nextInt(13), seed, 2_000, mostOctets);
    }

    /** A load for a server that keeps everything; it pauses for good when so many octets are there. */
    static CrashLoad kept(int port, Ledger ledger, long seed, long mostOctets) {
        return new CrashLoad(port, ledger, 8 + new Random(seed).nextInt(13), seed, 100_000, mostOctets);
    }

    private void connections(Random random) {
        try {
            do {
                try (LoadClient client = LoadClient.connect(port, ledger, random)) {
                    mails(client, 1 + random.nextInt(MOST_ON_A_CONNECTION));
                } catch (InterruptedIOException e) {
                    ledger.fault("the server lives and does not answer: " + e.getMessage());
                } catch (IOException e) {
                    // Killed, or not up again yet: what was in hand is unknown.
                }
            } while (!stopped.await(BEFORE_THE_NEXT_TRY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void mails(LoadClient client, int count) throws IOException, InterruptedException {
        for (int i = 0; i < count && stopped.getCount() > 0; i++) {
            if (!ledger.awaitRoom(mostCopies, mostOctets, Deadline.in(Duration.ofSeconds(1)))) {
                break;
            }
            if (!client.submit(ledger.begin())
                    && stopped.await(BEFORE_THE_NEXT_TRY.toMillis(), TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        client.quit();
    }

    /** Ends behind the mails in hand; the server should live. */
    @Override
    public void close() {
        stopped.countDown();
        try {
            if (!threads.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
                ledger.fault("the load did not end within " + STOP);
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
