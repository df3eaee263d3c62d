package org.relais.testkit.load;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.dialogue.SmtpReply;
import org.relais.testkit.mail.Mails;

/**
 * Sends a bounded number of mails over several connections, each with a number in its field {@code X-Load-Id:}, and tells
 * what became of each. One thread for each connection; {@link #await} ends them all. When the server says 421 or goes away
 * between two transactions the connection's load is over, as after a shutdown; within one, it counts as cut.
 */
public final class SmtpLoad {
    /** The field that numbers the mails. */
    public static final String ID = "X-Load-Id";

    private static final int MAX_NOTES = 1_000;
    private static final int MAX_NOTE = 1_500;

    private final int port;
    private final int mails;
    private final String reversePath;
    private final String forwardPath;
    private final byte[] rest;
    private final ExecutorService threads;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger acceptedCount = new AtomicInteger();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final List<Integer> accepted = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final List<String> cut = new ArrayList<>();
    private final long began = System.nanoTime();

    private SmtpLoad(int port, int mails, int connections, int size, String reversePath, String forwardPath) {
        this.port = port;
        this.mails = mails;
        this.reversePath = reversePath;
        this.forwardPath = forwardPath;
        this.rest = Mails.seeded(1).ofSize(size).content();
        this.threads = Executors.newFixedThreadPool(connections, run -> {
            Thread thread = new Thread(run, "smtp-load");
            thread.setDaemon(true);
            return thread;
        });
        for (int i = 0; i < connections; i++) {
            threads.execute(this::oneConnection);
        }
        threads.shutdown();
    }

    /** Starts a load of mails of so many octets. */
    public static SmtpLoad start(
            int port, int mails, int connections, int size, String reversePath, String forwardPath) {
        return new SmtpLoad(port, mails, connections, size, reversePath, forwardPath);
    }

    public int acceptedSoFar() {
        return acceptedCount.get();
    }

    /** Begins no further mail. */
    public void stop() {
        stopping.set(true);
    }

    /**
     * Waits for the end of all connections.
     *
     * @throws AssertionError when they have not ended in time; they are interrupted then
     */
    public LoadResult await(Duration allowed) {
        try {
            boolean ended = threads.awaitTermination(allowed.toNanos(), TimeUnit.NANOSECONDS);
            Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
            synchronized (this) {
                LoadResult result = new LoadResult(accepted, refused, cut, elapsed);
                if (!ended) {
                    stop();
                    threads.shutdownNow();
                    throw new AssertionError("the load did not end within " + allowed + ": " + result);
                }
                return result;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a load ran", e);
        }
    }

    private void oneConnection() {
        boolean inTransaction = false;
        try (SmtpDialogue smtp = SmtpDialogue.greeted(port).withPatience(Duration.ofSeconds(60))) {
            while (!stopping.get()) {
                int id = next.getAndIncrement();
                if (id >= mails) {
                    break;
                }
                inTransaction = false;
                if (!positive("MAIL", smtp.ask("MAIL FROM:<" + reversePath + ">"))) {
                    return;
                }
                inTransaction = true;
                if (!positive("RCPT", smtp.ask("RCPT TO:<" + forwardPath + ">"))
                        || !positive("DATA", smtp.ask("DATA"))) {
                    return;
                }
                if (positive("content", smtp.content(content(id)).reply())) {
                    accept(id);
                }
                inTransaction = false;
            }
            smtp.quit();
        } catch (AssertionError e) {
            if (inTransaction) {
                note(cut, String.valueOf(e.getMessage()));
            }
        }
    }

    private byte[] content(int id) {
        byte[] field = (ID + ": " + id + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] content = new byte[field.length + rest.length];
        System.arraycopy(field, 0, content, 0, field.length);
        System.arraycopy(rest, 0, content, field.length, rest.length);
        return content;
    }

    private synchronized void accept(int id) {
        accepted.add(id);
        acceptedCount.incrementAndGet();
    }

    private boolean positive(String stage, SmtpReply reply) {
        if (!reply.isPositive()) {
            note(refused, stage + ": " + reply.lastLine());
        }
        return reply.isPositive();
    }

    private synchronized void note(List<String> notes, String note) {
        if (notes.size() < MAX_NOTES) {
            notes.add(note.length() <= MAX_NOTE ? note : "…" + note.substring(note.length() - MAX_NOTE));
        }
    }
}
