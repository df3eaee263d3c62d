package org.relais.administration.port;

/** The metrics of the process in Prometheus's text format 0.0.4. Any thread. */
@FunctionalInterface
public interface MetricsText {
    String render();
}
