package org.relais.administration.port;

import java.util.List;

/** A server that runs in this process. */
public interface RunningServer extends AutoCloseable {
    /** The listeners as they are bound, the administration's among them. */
    List<ListenerView> listeners();

    /** Drains and stops, within the bound of {@code <limits><drainTimeout>}; blocks. Does nothing the second time. */
    @Override
    void close();
}
