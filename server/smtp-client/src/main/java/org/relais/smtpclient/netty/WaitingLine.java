package org.relais.smtpclient.netty;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.relais.smtpclient.Endpoint;

/**
 * The mails for which there is no room yet, in order; each waits for a time, and not more than {@value #MOST} wait. Under
 * the pool's lock.
 */
final class WaitingLine {
    static final int MOST = 10_000;

    private final Deque<Errand> line = new ArrayDeque<>();

    boolean isFull() {
        return line.size() >= MOST;
    }

    /** @param onGivenUp when it has waited for that long; on the errand's event loop, without the lock */
    void add(Errand errand, Duration patience, Runnable onGivenUp) {
        errand.patience = errand.home.schedule(onGivenUp, patience.toNanos(), TimeUnit.NANOSECONDS);
        line.addLast(errand);
    }

    /** Whether it still waited. */
    boolean remove(Errand errand) {
        return line.remove(errand);
    }

    List<Errand> removeAll() {
        List<Errand> all = List.copyOf(line);
        all.forEach(WaitingLine::stopPatience);
        line.clear();
        return all;
    }

    /** The first that a connection which is shared by this key can carry, out of the line. */
    @Nullable
    Errand takeFor(Endpoint key) {
        for (Iterator<Errand> it = line.iterator(); it.hasNext(); ) {
            Errand errand = it.next();
            if (!errand.wantsNew && errand.key.equals(key)) {
                it.remove();
                stopPatience(errand);
                return errand;
            }
        }
        return null;
    }

    /** All that can be placed now leave the line. */
    void placeAll(Predicate<Errand> isPlaced) {
        for (Iterator<Errand> it = line.iterator(); it.hasNext(); ) {
            Errand errand = it.next();
            if (isPlaced.test(errand)) {
                it.remove();
                stopPatience(errand);
            }
        }
    }

    private static void stopPatience(Errand errand) {
        if (errand.patience != null) {
            errand.patience.cancel(false);
            errand.patience = null;
        }
    }
}
