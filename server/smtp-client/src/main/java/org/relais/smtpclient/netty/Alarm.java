package org.relais.smtpclient.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One deadline that moves often. Moving it later costs no timer: the timer that is set looks again when it rings. On the
 * event loop only.
 */
final class Alarm {
    private final EventLoop loop;
    private final LongSupplier nanoTime;
    private final Runnable onDue;
    private @Nullable ScheduledFuture<?> timer;
    private long timerAt;
    private long dueAt;
    private boolean isSet;

    Alarm(EventLoop loop, LongSupplier nanoTime, Runnable onDue) {
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.onDue = onDue;
    }

    void setAt(long at) {
        isSet = true;
        dueAt = at;
        if (timer == null || timerAt - at > 0) {
            stopTimer();
            timerAt = at;
            timer = loop.schedule(this::ring, Math.max(0, at - nanoTime.getAsLong()), TimeUnit.NANOSECONDS);
        }
    }

    void clear() {
        isSet = false;
        stopTimer();
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void ring() {
        timer = null;
        if (!isSet) {
            return;
        }
        if (dueAt - nanoTime.getAsLong() > 0) {
            setAt(dueAt);
            return;
        }
        isSet = false;
        onDue.run();
    }
}
