package org.relais.testkit.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.LoopbackServer;
import org.relais.testkit.wire.Transcript;

/**
 * An SMTP or LMTP server that answers as a test wrote it down, on a free port of 127.0.0.1. It keeps what was said and
 * what was received. Every method may be called from any thread; {@link #close()} ends all connections at once.
 *
 * <pre>{@code
 * var refusing = scriptedServer().greets("421 4.3.2 closing").start();
 * }</pre>
 */
public final class ScriptedSmtpServer implements AutoCloseable {
    private final SmtpScript script;
    private final Transcript transcript = new Transcript();
    private final List<ReceivedMail> mails = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final LoopbackServer server;

    ScriptedSmtpServer(SmtpScript script) throws IOException {
        this.script = script;
        this.server = new LoopbackServer(
                script.isLmtp() ? "scripted-lmtp" : "scripted-smtp",
                script.address(),
                script.maxConnections(),
                (wire, number) -> new SmtpSession(this.script, wire, number, this).serve());
    }

    public static SmtpScript scriptedServer() {
        return new SmtpScript();
    }

    public int port() {
        return address().getPort();
    }

    public InetSocketAddress address() {
        return server.address();
    }

    /** Host and port as a route takes them, e.g. {@code 127.0.0.1:40123}. */
    public String hostAndPort() {
        return address().getAddress().getHostAddress() + ":" + port();
    }

    /** The commands received, over all connections; contents are not among them. */
    public List<String> transcript() {
        return transcript.clientLines();
    }

    /** Both sides, with {@code C:} and {@code S:}. */
    public String dialogue() {
        return transcript.toString();
    }

    public int connections() {
        return server.connections();
    }

    /** What was accepted so far, in the order of acceptance. */
    public List<ReceivedMail> mails() {
        lock.lock();
        try {
            return List.copyOf(mails);
        } finally {
            lock.unlock();
        }
    }

    public int mailCount() {
        lock.lock();
        try {
            return mails.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until so many mails have been accepted.
     *
     * @throws AssertionError with the dialogue, when they do not come in time
     */
    public List<ReceivedMail> awaitMails(int count, Duration allowed) {
        Deadline deadline = Deadline.in(allowed);
        lock.lock();
        try {
            while (mails.size() < count) {
                if (deadline.isPast()) {
                    throw new AssertionError("expected " + count + " mails within " + allowed + ", got " + mails.size()
                            + "\n" + dialogue());
                }
                boolean signalled = arrived.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
                if (!signalled && mails.size() >= count) {
                    break;
                }
            }
            return List.copyOf(mails);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for mails", e);
        } finally {
            lock.unlock();
        }
    }

    /** The one mail that is expected; waits for it. */
    public ReceivedMail awaitMail(Duration allowed) {
        return awaitMails(1, allowed).get(0);
    }

    void received(ReceivedMail mail) {
        lock.lock();
        try {
            mails.add(mail);
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Transcript record() {
        return transcript;
    }

    void pause(Duration latency) throws IOException {
        server.pause(latency);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
