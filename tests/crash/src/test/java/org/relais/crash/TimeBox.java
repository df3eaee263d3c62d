package org.relais.crash;

import java.time.Duration;
import org.relais.testkit.wire.Deadline;

/**
 * How long tests may go on killing. {@code -Drelais.crash.seconds} is the time of all crash tests together: a tenth is the
 * spool's own (server/spool), {@value #PLAIN} % that of kills under load with deliveries to one good hop, {@value #HOPS} %
 * of those with bad hops, {@value #HELD} % of those with everything held; the tests that do one thing once take what is left. Immutable.
 */
final class TimeBox {
    private static final int PLAIN = 15;
    private static final int HOPS = 30;
    private static final int HELD = 15;
    private static final long SECONDS = Long.getLong("relais.crash.seconds", 300);

    private final Deadline end;

    private TimeBox(int percent) {
        end = Deadline.in(Duration.ofMillis(SECONDS * 10 * percent));
    }

    static TimeBox plain() {
        return new TimeBox(PLAIN);
    }

    static TimeBox hops() {
        return new TimeBox(HOPS);
    }

    static TimeBox held() {
        return new TimeBox(HELD);
    }

    boolean isOver() {
        return end.isPast();
    }
}
