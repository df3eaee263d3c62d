package org.relais.delivery.route;

/** Which route a mail takes. Called by many threads, for each mail. */
@FunctionalInterface
public interface Routes {

    /**
     * @param reversePath without angle brackets; empty is the null reverse-path
     * @param forwardPath without angle brackets
     */
    Route routeOf(String reversePath, String forwardPath);
}
