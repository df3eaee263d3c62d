package org.relais.configuration.home;

/** A home that cannot be used or made; its message is one line for the administrator: what is wrong — what to do. */
public final class HomeException extends Exception {
    private static final long serialVersionUID = 1L;

    HomeException(String problem, String remedy) {
        super(problem + " — " + remedy);
    }

    HomeException(String problem, String remedy, Throwable cause) {
        super(problem + " — " + remedy, cause);
    }
}
