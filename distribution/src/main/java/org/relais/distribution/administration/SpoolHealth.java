package org.relais.distribution.administration;

import java.util.List;
import java.util.stream.Collectors;
import org.relais.administration.port.QueueDamage;
import org.relais.administration.port.ServerStatus.Component;
import org.relais.administration.port.ServerStatus.Health;
import org.relais.spool.Spool;
import org.relais.spool.SpoolStatus;

/** Whether the spool takes mail, and whether what came is what left and what is here. */
final class SpoolHealth {
    private static final String NAME = "spool";
    private static final int MOST_NAMED = 10;

    private SpoolHealth() {}

    static Component of(Spool spool) {
        SpoolStatus status = spool.status();
        String refusal = status.refusal();
        if (refusal != null) {
            return new Component(NAME, Health.UNHEALTHY, "mail is refused: " + refusal);
        }
        long difference = spool.accounts().difference();
        if (difference != 0) {
            return new Component(
                    NAME, Health.UNHEALTHY, "the accounts do not add up by " + difference + ": " + named(spool));
        }
        if (status.damaged() > 0) {
            return new Component(
                    NAME,
                    Health.DEGRADED,
                    status.damaged() + " damaged, until relais queue remove --damaged takes note: " + named(spool));
        }
        return status.isHoldingAll()
                ? new Component(NAME, Health.DEGRADED, "everything is held: relais queue release --all")
                : new Component(NAME, Health.HEALTHY, "");
    }

    /** Those damages first whose mail can be told. */
    private static String named(Spool spool) {
        List<QueueDamage> damages =
                spool.damages().stream().map(SpoolQueue::view).toList();
        String named = damages.stream()
                .sorted((one, other) -> Boolean.compare(one.queueId() == null, other.queueId() == null))
                .limit(MOST_NAMED)
                .map(QueueDamage::inWords)
                .collect(Collectors.joining("; "));
        return damages.size() > MOST_NAMED ? named + " … relais queue stats tells more" : named;
    }
}
