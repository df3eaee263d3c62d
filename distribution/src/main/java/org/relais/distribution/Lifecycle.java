package org.relais.distribution;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the parts of the server one after the other and stops them in reverse.
 *
 * <p>A part that fails to start stops those before it. A part that fails to stop is logged and does not keep the others
 * from stopping. For use by one thread at a time.
 */
public final class Lifecycle implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Lifecycle.class);

    /** A step that may fail. */
    @FunctionalInterface
    public interface Step {
        void run() throws Exception;
    }

    private record Part(String name, Step stop) {}

    private final Deque<Part> started = new ArrayDeque<>();

    /** Runs {@code start}, and remembers {@code stop} for {@link #close()}. */
    public void start(String name, Step start, Step stop) throws Exception {
        try {
            start.run();
        } catch (Exception e) { // a boundary: whatever kept a part from starting, the others are stopped
            close();
            throw e;
        }
        started.push(new Part(name, stop));
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            Part part = started.pop();
            try {
                part.stop().run();
            } catch (Exception e) { // a boundary: the other parts are stopped all the same
                LOGGER.error("{} could not be stopped cleanly", part.name(), e);
            }
        }
    }
}
