package org.relais.smtpclient.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.SessionInfo;
import org.relais.smtpclient.TransactionResult;

/**
 * Which connection carries a mail. Idle connections are shared between equal endpoints only; those in use and in all are
 * bounded, in all and for each address. When there is no room an idle connection of another endpoint is closed, and the
 * new one opened when that is gone; when there is none, the mail waits, in order. One lock, held for a few map look-ups;
 * nothing of a connection or of a caller is called under it.
 */
final class Pool {
    private static final String CLOSED = "the client is closed";

    private final ClientSettings settings;
    private final Function<Errand, Connection> maker;
    private final Consumer<Connection> opener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition allGone = lock.newCondition();
    private final Room room;
    private final IdleConnections idle = new IdleConnections();
    private final WaitingLine waiting = new WaitingLine();
    private final Set<Connection> open = new LinkedHashSet<>();

    /** Connections that are being closed to make room, and for what. */
    private final Map<Connection, Errand> successors = new HashMap<>();

    private boolean isClosed;

    /** @param opener lets a connection that was made begin */
    Pool(ClientSettings settings, Function<Errand, Connection> maker, Consumer<Connection> opener) {
        this.settings = settings;
        this.maker = maker;
        this.opener = opener;
        this.room = new Room(settings);
    }

    int connections() {
        lock.lock();
        try {
            return room.total();
        } finally {
            lock.unlock();
        }
    }

    // ---- a mail comes

    /** Never throws: what goes wrong here is told to the errand. */
    void submit(Errand errand) {
        try {
            decide(actions -> {
                if (isClosed) {
                    actions.add(() -> refuse(errand, CLOSED));
                } else if (!place(errand, actions)) {
                    line(errand, actions);
                }
            });
        } catch (RuntimeException | Error e) {
            errand.fault(e);
        }
    }

    private void line(Errand errand, List<Runnable> actions) {
        if (waiting.isFull()) {
            actions.add(() -> refuse(errand, WaitingLine.MOST + " mails wait for a connection"));
        } else {
            waiting.add(errand, settings.timeouts().connection(), () -> giveUp(errand));
        }
    }

    private boolean place(Errand errand, List<Runnable> actions) {
        Connection free = errand.wantsNew ? null : idle.takeFor(errand);
        if (free != null) {
            actions.add(() -> free.carry(errand));
            return true;
        }
        InetSocketAddress address = errand.address();
        boolean addressIsFull = room.isFull(address);
        if (!addressIsFull && !room.isFull()) {
            room.take(address);
            actions.add(() -> open(errand));
            return true;
        }
        Connection victim = idle.takeVictim(addressIsFull ? address : null);
        if (victim == null) {
            return false;
        }
        room.takeForSuccessor(address, victim.address());
        successors.put(victim, errand);
        actions.add(victim::quit);
        return true;
    }

    /** Its room is taken. */
    private void open(Errand errand) {
        Connection connection;
        try {
            connection = maker.apply(errand);
        } catch (RuntimeException | Error e) {
            decide(actions -> {
                giveBack(errand.address());
                placeWaiting(actions);
            });
            errand.fault(e);
            return;
        }
        decide(actions -> open.add(connection));
        opener.accept(connection);
    }

    // ---- a connection is free, or gone

    /** A connection without mail: it takes the next one, or is idle. On its event loop. */
    void release(Connection connection) {
        decide(actions -> {
            if (isClosed) {
                actions.add(connection::quit);
                return;
            }
            Errand next = waiting.takeFor(connection.key());
            if (next != null) {
                actions.add(() -> connection.carry(next));
            } else {
                idle.add(connection);
                placeWaiting(actions);
            }
        });
    }

    /** A connection is gone, or will never be; called once or more for each. */
    void gone(Connection connection) {
        decide(actions -> {
            if (open.remove(connection)) {
                idle.remove(connection);
                handOver(connection, actions);
                placeWaiting(actions);
            }
        });
    }

    /** Whether it was idle, and now is the caller's. */
    boolean takeIdle(Connection connection) {
        lock.lock();
        try {
            return idle.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    private void placeWaiting(List<Runnable> actions) {
        waiting.placeAll(errand -> place(errand, actions));
    }

    /** The room of one that is gone, to the errand that it made room for. */
    private void handOver(Connection gone, List<Runnable> actions) {
        Errand next = successors.remove(gone);
        if (next == null) {
            giveBack(gone.address());
            return;
        }
        room.handOver(next.address(), gone.address());
        if (isClosed) {
            giveBack(next.address());
            actions.add(() -> refuse(next, CLOSED));
        } else {
            actions.add(() -> open(next));
        }
    }

    private void giveBack(InetSocketAddress address) {
        room.giveBack(address);
        if (room.total() == 0) {
            allGone.signalAll();
        }
    }

    private void giveUp(Errand errand) {
        long seconds = settings.timeouts().connection().toSeconds();
        String text = "no room for a connection within " + seconds + " s: " + room.bounds();
        decide(actions -> {
            if (waiting.remove(errand)) {
                actions.add(() -> refuse(errand, text));
            }
        });
    }

    private static void refuse(Errand errand, String text) {
        errand.complete(new TransactionResult.Unavailable(TransactionResult.Cause.NO_ROOM, 0, text, SessionInfo.NONE));
    }

    /** What is decided under the lock is done without it. */
    private void decide(Consumer<List<Runnable>> decision) {
        List<Runnable> actions = new ArrayList<>(2);
        lock.lock();
        try {
            decision.accept(actions);
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    // ---- the end

    /**
     * No mail is taken from now on; idle connections end at once, the others when their mail is over, or is broken off
     * after the time allowed.
     */
    void close(Duration allowed) {
        decide(actions -> {
            isClosed = true;
            idle.removeAll().forEach(connection -> actions.add(connection::quit));
            waiting.removeAll().forEach(errand -> actions.add(() -> refuse(errand, CLOSED)));
        });
        leftAfter(allowed).forEach(connection -> connection.breakOff(CLOSED));
    }

    private List<Connection> leftAfter(Duration allowed) {
        long left = allowed.toNanos();
        lock.lock();
        try {
            while (room.total() > 0 && left > 0) {
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
