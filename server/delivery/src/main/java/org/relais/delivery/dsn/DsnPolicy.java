package org.relais.delivery.dsn;

import java.time.Duration;
import java.util.Arrays;
import org.relais.delivery.dsn.DsnReport.Action;
import org.relais.spool.mail.DsnRequest;

/** Who is told what (RFC 3461 §4.1, §6.2): failures and delays if nothing was asked for, and the null reverse-path nothing. */
public final class DsnPolicy {
    public static final Duration USUAL_WARNING = Duration.ofHours(4);

    private DsnPolicy() {}

    /** @param reversePath without angle brackets; empty is the null reverse-path: no bounce of a bounce */
    public static boolean isDue(Action action, String reversePath, DsnRequest request) {
        if (reversePath.isEmpty()) {
            return false;
        }
        return switch (action) {
            case FAILED -> request.notifyWhen().isEmpty() || asksFor("FAILURE", request);
            case DELAYED -> request.notifyWhen().isEmpty() || asksFor("DELAY", request);
            case DELIVERED, RELAYED, EXPANDED -> asksFor("SUCCESS", request);
        };
    }

    private static boolean asksFor(String when, DsnRequest request) {
        return Arrays.asList(request.notifyWhen().split(",")).contains(when);
    }
}
