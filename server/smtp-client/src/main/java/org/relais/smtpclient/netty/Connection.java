package org.relais.smtpclient.netty;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.smtpclient.protocol.Capabilities;

/**
 * One connection, from its opening for a first mail to its end. It carries one mail at a time, tells the pool when it is
 * free, and is never used again once anything odd happened on it. What it says and waits for is its {@link Phase}'s; here
 * stands which mail it has, and how it ends. On one event loop, but for what says otherwise.
 */
final class Connection {
    private final Surroundings around;
    private final Endpoint endpoint;
    private final Endpoint key;
    private final EventLoop loop;
    private final Wire wire;
    private final Session session = new Session();
    private final IdlePhase idle;

    private Phase phase;
    private @Nullable Errand errand;
    private boolean isGone;

    Connection(Surroundings around, Errand first) {
        this.around = around;
        this.endpoint = first.endpoint;
        this.key = first.key;
        this.errand = first;
        this.loop = first.home;
        this.wire = new Wire(loop, around.nanoTime(), () -> phase().onDue(), this::fault);
        this.idle = new IdlePhase(this, around.pool());
        this.phase = new OpeningPhase(this, first, wire, session, around);
    }

    /** What it is shared by. */
    Endpoint key() {
        return key;
    }

    InetSocketAddress address() {
        return endpoint.place();
    }

    boolean isOn(EventLoop other) {
        return loop == other;
    }

    boolean isGone() {
        return isGone;
    }

    // ---- from any thread

    void connect() {
        guarded(() -> phase.start());
    }

    /** Takes a mail, from the one to whom the pool gave this connection. */
    void carry(Errand next) {
        if (loop.inEventLoop()) {
            guarded(() -> begin(next));
            return;
        }
        try {
            loop.execute(() -> guarded(() -> begin(next)));
        } catch (RejectedExecutionException e) {
            next.fault(e);
            around.pool().gone(this);
        }
    }

    /** Says QUIT and does not wait for the answer. */
    void quit() {
        if (!loop.inEventLoop()) {
            later(this::quit);
            return;
        }
        if (!isGone && wire.isActive()) {
            wire.writeQuit();
        }
        end();
    }

    void breakOff(String why) {
        later(() -> phase.onLost(why, 0));
    }

    private void later(Runnable step) {
        try {
            loop.execute(() -> guarded(step));
        } catch (RejectedExecutionException e) {
            // The loop has ended, and its channels with it.
            around.pool().gone(this);
        }
    }

    // ---- from phase to phase

    Phase phase() {
        return phase;
    }

    void opened(Errand first) {
        phase = idle;
        begin(first);
    }

    void begin(Errand next) {
        if (isGone || !wire.isActive()) {
            sendOverAnother(next);
            return;
        }
        errand = next;
        Optional<Capabilities.Obstacle> obstacle =
                Capabilities.obstacle(next.mail, session.extensions(), endpoint.toString());
        if (obstacle.isPresent()) {
            TransactionResult result = new TransactionResult.Unsendable(
                    obstacle.get().status(), obstacle.get().text(), session.info());
            // Not at once: the stack may be the caller's, who would come with the next such mail, and so may the pool.
            loop.execute(() -> guarded(() -> settle(next, result)));
            return;
        }
        phase = new MailPhase(this, next, wire, session, around);
        phase.start();
    }

    /** A mail is over of which nothing was sent. */
    private void settle(Errand done, TransactionResult result) {
        if (errand == done) {
            errand = null;
            rest();
        }
        done.complete(result);
    }

    /** Nothing is under way, though the errand may need another transaction. */
    void transactionOver() {
        phase.stop();
        phase = idle;
    }

    /**
     * The mail is answered, and the phase's to complete.
     *
     * @param isFit whether the server can be talked to on this connection
     * @param isSpent whether it carries no other mail
     */
    void mailOver(boolean isFit, boolean isSpent) {
        errand = null;
        if (!isSpent) {
            rest();
        } else if (isFit) {
            quit();
        } else {
            end();
        }
    }

    private void rest() {
        if (isGone) {
            return;
        }
        long now = wire.now();
        session.idleFrom(now);
        wire.allowUntil(now + around.settings().idle().toNanos());
        around.pool().release(this);
    }

    // ---- the end

    void fail(Cause cause, int code, String text) {
        Errand hers = errand;
        if (hers == null) {
            end();
        } else {
            fail(hers, new TransactionResult.Unavailable(cause, code, text, session.info()));
        }
    }

    void fail(Errand hers, TransactionResult result) {
        errand = null;
        try {
            end();
        } finally {
            hers.complete(result);
        }
    }

    void sendOverAnother(Errand hers) {
        errand = null;
        try {
            end();
        } finally {
            hers.wantsNew = true;
            around.pool().submit(hers);
        }
    }

    /** @param cause from Netty or a timer: the wire's, or a fault of ours */
    void broke(Throwable cause) {
        boolean isOfTheWire = cause instanceof IOException || cause instanceof DecoderException;
        if (isOfTheWire) {
            guarded(() -> phase.onBroken("the connection broke: " + cause.getMessage()));
        } else {
            fault(cause);
        }
    }

    /** Netty and the timers would swallow what is thrown to them, and the mail with it. */
    void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            fault(e);
        }
    }

    /** A fault of ours: the mail goes back to the caller as such, and the connection is not trusted any more. */
    void fault(Throwable fault) {
        Errand hers = errand;
        errand = null;
        try {
            end();
        } finally {
            if (hers == null) {
                Errand.logFault(endpoint, fault);
            } else {
                hers.fault(fault);
            }
        }
    }

    void end() {
        if (isGone) {
            return;
        }
        isGone = true;
        transactionOver();
        wire.close(() -> around.pool().gone(this));
    }
}
