package org.relais.distribution.administration;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.relais.administration.port.QueueStatistics;
import org.relais.spool.Accounts;
import org.relais.spool.Census;
import org.relais.spool.Spool;
import org.relais.spool.SpoolStatus;

/** The spool in numbers, in the administration's words. */
final class SpoolStatistics {
    private SpoolStatistics() {}

    static QueueStatistics of(Spool spool, int destinations) {
        Accounts accounts = spool.accounts();
        Census census = spool.census(destinations);
        return new QueueStatistics(
                words(accounts.came()),
                words(accounts.left()),
                accounts.inSpool(),
                accounts.difference(),
                state(spool.status(), census),
                spool.damages().stream()
                        .limit(QueueStatistics.MOST_DAMAGES)
                        .map(SpoolQueue::view)
                        .toList(),
                words(census.byStage()),
                census.destinations().stream()
                        .map(one -> new QueueStatistics.Destination(one.domain(), one.envelopes(), one.oldest()))
                        .toList(),
                census.oldest(),
                spool.now());
    }

    private static QueueStatistics.State state(SpoolStatus status, Census census) {
        return new QueueStatistics.State(
                status.refusal(),
                status.isHoldingAll(),
                census.held(),
                status.claimed(),
                status.removed(),
                status.damaged(),
                status.bytesOnDisk(),
                status.syncs(),
                status.commits());
    }

    private static <E extends Enum<E>> Map<String, Long> words(Map<E, Long> counts) {
        Map<String, Long> words = new LinkedHashMap<>();
        counts.forEach((constant, count) -> words.put(word(constant), count));
        return words;
    }

    /** {@code FAILED_WITH_DSN} as {@code failed-with-dsn}. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
