package org.relais.administration.command;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * Waits for the wish to stop: SIGTERM, SIGINT (Ctrl-C), SIGHUP, or the administration. A second signal ends the process
 * at once, with the status a shell gives to a signal. Signals rather than a shutdown hook, because after a hook the exit
 * status cannot be 0 and a second Ctrl-C is not heard. Safe for many threads.
 */
final class StopSignals implements AutoCloseable {
    private static final int SIGNALLED = 128;

    private final CountDownLatch wish = new CountDownLatch(1);
    private final Signal[] signals = {new Signal("TERM"), new Signal("INT"), new Signal("HUP")};
    private final sun.misc.SignalHandler[] before = new sun.misc.SignalHandler[signals.length];

    StopSignals() {
        for (int i = 0; i < signals.length; i++) {
            before[i] = Signal.handle(signals[i], this::heard);
        }
    }

    private void heard(Signal signal) {
        if (wish.getCount() == 0) {
            Runtime.getRuntime().halt(SIGNALLED + signal.getNumber());
        }
        wish.countDown();
    }

    /** Asks for the stop; returns at once. */
    void request() {
        wish.countDown();
    }

    /** Returns when somebody has asked for the stop. */
    void await() throws InterruptedException {
        wish.await();
    }

    /** Gives the signals back. */
    @Override
    public void close() {
        for (int i = 0; i < signals.length; i++) {
            Signal.handle(signals[i], before[i]);
        }
    }
}
