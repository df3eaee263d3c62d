package org.relais.smtpclient.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.SessionInfo;
import org.relais.smtpclient.TransactionResult;

/**
 * Which connection carries a mail. Idle connections are shared between equal endpoints only; those in use and in all are
 * bounded, in all and for each address. When there is no room an idle connection of another endpoint is closed, and the
 * new one opened when that is gone; when there is none, the mail waits, in order. One lock, held for a few map look-ups;
 * nothing of a connection or of a caller is called under it.
 */
final class Pool {
    private static final int MOST_WAITING = 10_000;
    private static final String CLOSED = "the client is closed";

    private final ClientSettings settings;
    private final Function<Errand, Connection> maker;
    private final Consumer<Connection> opener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition allGone = lock.newCondition();
    private final Map<Endpoint, ArrayDeque<Connection>> idle = new LinkedHashMap<>();
    private final Map<InetSocketAddress, Integer> perAddress = new HashMap<>();
    private final Set<Connection> open = new LinkedHashSet<>();

    /** Connections that are being closed to make room, and for what. */
    private final Map<Connection, Errand> successors = new HashMap<>();

    private final Deque<Errand> waiting = new ArrayDeque<>();
    private int total;
    private boolean isClosed;

    /** @param opener lets a connection that was made begin */
    Pool(ClientSettings settings, Function<Errand, Connection> maker, Consumer<Connection> opener) {
        this.settings = settings;
        this.maker = maker;
        this.opener = opener;
    }

    int connections() {
        lock.lock();
        try {
            return total;
        } finally {
            lock.unlock();
        }
    }

    /** Never throws: what goes wrong here is told to the errand. */
    void submit(Errand errand) {
        try {
            find(errand);
        } catch (RuntimeException | Error e) {
            errand.fault(e);
        }
    }

    private void find(Errand errand) {
        List<Runnable> actions = new ArrayList<>(2);
        lock.lock();
        try {
            if (isClosed) {
                actions.add(() -> refuse(errand, CLOSED));
            } else if (!place(errand, actions)) {
                if (waiting.size() >= MOST_WAITING) {
                    actions.add(() -> refuse(errand, MOST_WAITING + " mails wait for a connection"));
                } else {
                    errand.patience = errand.home.schedule(
                            () -> giveUp(errand),
                            settings.timeouts().connection().toNanos(),
                            TimeUnit.NANOSECONDS);
                    waiting.addLast(errand);
                }
            }
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    /** Its room is taken. */
    private void open(Errand errand) {
        Connection connection;
        try {
            connection = maker.apply(errand);
        } catch (RuntimeException | Error e) {
            giveBack(errand.address());
            errand.fault(e);
            return;
        }
        lock.lock();
        try {
            open.add(connection);
        } finally {
            lock.unlock();
        }
        opener.accept(connection);
    }

    private void giveBack(InetSocketAddress address) {
        List<Runnable> actions = new ArrayList<>(2);
        lock.lock();
        try {
            total--;
            leave(address);
            pump(actions);
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    /** A connection without mail: it takes the next one, or is idle. On its event loop. */
    void release(Connection connection) {
        List<Runnable> actions = new ArrayList<>(2);
        lock.lock();
        try {
            if (isClosed) {
                actions.add(connection::quit);
            } else if (!serveNext(connection, actions)) {
                idle.computeIfAbsent(connection.key(), any -> new ArrayDeque<>())
                        .addLast(connection);
                pump(actions);
            }
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    private boolean serveNext(Connection connection, List<Runnable> actions) {
        if (waiting.isEmpty()) {
            return false;
        }
        for (Iterator<Errand> it = waiting.iterator(); it.hasNext(); ) {
            Errand errand = it.next();
            if (!errand.wantsNew && errand.key.equals(connection.key())) {
                it.remove();
                stopPatience(errand);
                actions.add(() -> connection.carry(errand));
                return true;
            }
        }
        return false;
    }

    /** A connection is gone, or will never be; called once or more for each. */
    void gone(Connection connection) {
        List<Runnable> actions = new ArrayList<>(2);
        lock.lock();
        try {
            if (open.remove(connection)) {
                withdraw(connection);
                handOver(connection, actions);
                pump(actions);
            }
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    /** Whether it was idle, and now is the caller's. */
    boolean takeIdle(Connection connection) {
        lock.lock();
        try {
            return withdraw(connection);
        } finally {
            lock.unlock();
        }
    }

    private boolean withdraw(Connection connection) {
        ArrayDeque<Connection> same = idle.get(connection.key());
        boolean wasIdle = same != null && same.remove(connection);
        if (same != null && same.isEmpty()) {
            idle.remove(connection.key());
        }
        return wasIdle;
    }

    private void pump(List<Runnable> actions) {
        for (Iterator<Errand> it = waiting.iterator(); it.hasNext(); ) {
            Errand errand = it.next();
            if (place(errand, actions)) {
                it.remove();
                stopPatience(errand);
            }
        }
    }

    private boolean place(Errand errand, List<Runnable> actions) {
        Connection free = errand.wantsNew ? null : idleFor(errand);
        if (free != null) {
            actions.add(() -> free.carry(errand));
            return true;
        }
        InetSocketAddress address = errand.address();
        boolean addressIsFull = perAddress.getOrDefault(address, 0) >= settings.connectionsPerAddress();
        if (addressIsFull || total >= settings.connections()) {
            Connection victim = victim(addressIsFull ? address : null);
            if (victim == null) {
                return false;
            }
            withdraw(victim);
            successors.put(victim, errand);
            if (!victim.address().equals(address)) {
                perAddress.merge(address, 1, Integer::sum);
            }
            actions.add(victim::quit);
            return true;
        }
        total++;
        perAddress.merge(address, 1, Integer::sum);
        actions.add(() -> open(errand));
        return true;
    }

    private @Nullable Connection idleFor(Errand errand) {
        ArrayDeque<Connection> same = idle.get(errand.key);
        if (same == null) {
            return null;
        }
        // The one used last is the one most likely alive; on the caller's own loop it costs no hand-over.
        Connection best = same.peekLast();
        for (Iterator<Connection> it = same.descendingIterator(); it.hasNext(); ) {
            Connection one = it.next();
            if (one.isOn(errand.home)) {
                best = one;
                break;
            }
        }
        if (best != null) {
            withdraw(best);
        }
        return best;
    }

    private @Nullable Connection victim(@Nullable InetSocketAddress address) {
        for (Map.Entry<Endpoint, ArrayDeque<Connection>> entry : idle.entrySet()) {
            if (address == null || address.equals(entry.getKey().address())) {
                return entry.getValue().peekFirst();
            }
        }
        return null;
    }

    /** The room of one that is gone, to the errand that it made room for. */
    private void handOver(Connection gone, List<Runnable> actions) {
        Errand next = successors.remove(gone);
        if (next == null) {
            total--;
            leave(gone.address());
            return;
        }
        if (!gone.address().equals(next.address())) {
            leave(gone.address());
        }
        if (isClosed) {
            total--;
            leave(next.address());
            actions.add(() -> refuse(next, CLOSED));
        } else {
            actions.add(() -> open(next));
        }
    }

    private void leave(InetSocketAddress address) {
        if (total == 0) {
            allGone.signalAll();
        }
        perAddress.computeIfPresent(address, (any, count) -> count == 1 ? null : count - 1);
    }

    private void giveUp(Errand errand) {
        boolean waited;
        lock.lock();
        try {
            waited = waiting.remove(errand);
        } finally {
            lock.unlock();
        }
        if (waited) {
            refuse(
                    errand,
                    "no room for a connection within "
                            + settings.timeouts().connection().toSeconds() + " s: "
                            + settings.connectionsPerAddress() + " to one address and " + settings.connections()
                            + " in all are allowed");
        }
    }

    private static void stopPatience(Errand errand) {
        if (errand.patience != null) {
            errand.patience.cancel(false);
            errand.patience = null;
        }
    }

    private static void refuse(Errand errand, String text) {
        errand.complete(new TransactionResult.Unavailable(TransactionResult.Cause.NO_ROOM, 0, text, SessionInfo.NONE));
    }

    /**
     * No mail is taken from now on; idle connections end at once, the others when their mail is over, or is broken off
     * after the time allowed.
     */
    void close(Duration allowed) {
        List<Runnable> actions = new ArrayList<>();
        lock.lock();
        try {
            isClosed = true;
            idle.values().forEach(all -> all.forEach(connection -> actions.add(connection::quit)));
            idle.clear();
            for (Errand errand : waiting) {
                stopPatience(errand);
                actions.add(() -> refuse(errand, CLOSED));
            }
            waiting.clear();
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
        leftAfter(allowed).forEach(connection -> connection.breakOff(CLOSED));
    }

    private List<Connection> leftAfter(Duration allowed) {
        long left = allowed.toNanos();
        lock.lock();
        try {
            while (total > 0 && left > 0) {
                left = allGone.awaitNanos(left);
            }
            return List.copyOf(open);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.copyOf(open);
        } finally {
            lock.unlock();
        }
    }
}
