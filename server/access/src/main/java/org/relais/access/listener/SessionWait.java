package org.relais.access.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.relais.access.smtp.Pause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for what a session pauses for, without holding up the event loop that it belongs to: one task of the loop says
 * that it is over, another, before that, that it took too long. One pause at a time.
 */
final class SessionWait {
    private static final Logger LOGGER = LoggerFactory.getLogger(SessionWait.class);

    private final Duration patience;
    private final Executor blocking;
    private final Runnable flush;
    private @Nullable Future<?> deadline;

    /**
     * @param blocking for what may block
     * @param flush lets the spool write what was committed
     */
    SessionWait(Duration patience, Executor blocking, Runnable flush) {
        this.patience = patience;
        this.blocking = blocking;
        this.flush = flush;
    }

    /**
     * Calls {@code over} once, on the loop, but for a loop that has ended.
     *
     * @param overdue called before it if patience ends first
     * @throws RejectedExecutionException the session threads have ended
     */
    void begin(ChannelHandlerContext ctx, Pause pause, Runnable over, Runnable overdue) {
        EventExecutor loop = ctx.executor();
        deadline = loop.schedule(overdue, patience.toNanos(), TimeUnit.NANOSECONDS);
        if (pause instanceof Pause.Until) {
            ((Pause.Until) pause).stage().whenComplete((result, failure) -> end(loop, over));
            flushBehindTheTurn(ctx.channel().eventLoop());
        } else {
            Runnable work = ((Pause.Elsewhere) pause).work();
            blocking.execute(() -> {
                try {
                    work.run();
                } catch (Throwable e) {
                    // An Error too must not leave a connection that nobody serves.
                    LOGGER.error("a command failed by an error of ours", e);
                }
                end(loop, over);
            });
        }
    }

    private void end(EventExecutor loop, Runnable over) {
        try {
            loop.execute(() -> {
                Future<?> timer = deadline;
                if (timer != null) {
                    timer.cancel(false);
                }
                over.run();
            });
        } catch (RejectedExecutionException e) {
            LOGGER.debug("the listener stopped while a session was at work", e);
        }
    }

    /** The spool may leave it to its callers to write what they committed: once, for all sessions of this turn. */
    private void flushBehindTheTurn(EventLoop loop) {
        if (loop instanceof SingleThreadEventLoop) {
            ((SingleThreadEventLoop) loop).executeAfterEventLoopIteration(flush);
        } else {
            loop.execute(flush);
        }
    }
}
