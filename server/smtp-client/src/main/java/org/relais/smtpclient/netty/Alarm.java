package org.relais.smtpclient.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
    private final Consumer<Throwable> onFault;
    private @Nullable ScheduledFuture<?> timer;
    private long timerAt;
    private long dueAt;
    private boolean isSet;

    /** @param onFault is told what {@code onDue} throws, which a timer would swallow */
    Alarm(EventLoop loop, LongSupplier nanoTime, Runnable onDue, Consumer<Throwable> onFault) {
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.onDue = onDue;
        this.onFault = onFault;
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
        try {
            if (dueAt - nanoTime.getAsLong() > 0) {
                setAt(dueAt);
            } else {
                isSet = false;
                onDue.run();
            }
        } catch (RuntimeException | Error e) {
            onFault.accept(e);
        }
    }
}
