package org.relais.administration.port;

import java.util.List;
import java.util.OptionalLong;

/** What the running server can say of itself. Any thread; does not block on the network. */
public interface ServerStatus {
    /** The listeners that are bound, in the order of relais.xml. */
    List<ListenerView> listeners();

    /** Mails in the spool; empty if the queue cannot tell. */
    OptionalLong queueSize();

    /** One entry for each component that can fail by itself; called for monitoring, so within a second or so. */
    List<Component> components();

    /**
     * A component's health.
     *
     * @param detail why it is not healthy, one line; shown only to who holds the token
     */
    record Component(String name, Health health, String detail) {}

    /** The words are those of the health check's answer. */
    enum Health {
        HEALTHY("healthy"),
        DEGRADED("degraded"),
        UNHEALTHY("unhealthy");

        private final String word;

        Health(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
