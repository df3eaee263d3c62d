package org.relais.dns;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Lets so many run at once, and so many wait in order. For any thread; what it starts runs on the executor. */
final class Throttle {
    private final int most;
    private final int mostWaiting;
    private final Executor executor;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int running;

    Throttle(int most, int mostWaiting, Executor executor) {
        this.most = most;
        this.mostWaiting = mostWaiting;
        this.executor = executor;
    }

    /** Starts it now or later, and expects {@link #ended} for it; false: too many wait already. */
    boolean offer(Runnable start) {
        synchronized (this) {
            if (running == most) {
                return waiting.size() < mostWaiting && waiting.offer(start);
            }
            running++;
        }
        executor.execute(start);
        return true;
    }

    /** One that was started has ended: its room is the next one's. */
    void ended() {
        @Nullable Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                running--;
                return;
            }
        }
        // Not here: one that ends at once would call this again, as deep as the queue is long.
        executor.execute(next);
    }
}
