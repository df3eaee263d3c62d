package org.relais.delivery.schedule;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * The bounds of a schedule.
 *
 * @param most jobs that run at once, in all
 * @param mostPerDestination jobs that run at once to one destination
 * @param initial jobs that run at once to a destination that nothing is known of
 * @param inMemory jobs that wait in memory, in all
 * @param inMemoryPerDestination of them, for one destination
 * @param mostLanes lanes with a destination of their own; beyond them destinations share lanes
 * @param firstPause how long a destination that is not to be had, or asks for less than one job, is left alone
 * @param longestPause what that grows to, doubled each time
 * @param rates the first that names a destination holds
 * @param zone of the times in decisions
 */
public record SchedulePolicy(
        int most,
        int mostPerDestination,
        int initial,
        int inMemory,
        int inMemoryPerDestination,
        int mostLanes,
        Duration firstPause,
        Duration longestPause,
        List<Rate> rates,
        ZoneId zone) {

    public SchedulePolicy {
        rates = List.copyOf(rates);
        initial = Math.min(initial, mostPerDestination);
        if (most < 1 || mostPerDestination < 1 || initial < 1 || inMemory < 1 || inMemoryPerDestination < 1) {
            throw new IllegalArgumentException("every bound is at least 1");
        }
        if (mostLanes < 0 || firstPause.isZero() || firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("pauses are longer than nothing, and the longest is not the shorter");
        }
    }

    /** 200 in all, 20 per destination beginning with 5, 5,000 in memory, pauses of 1 to 30 minutes, no rates. */
    public static SchedulePolicy standard(ZoneId zone) {
        return new SchedulePolicy(
                200, 20, 5, 5000, 2000, 50_000, Duration.ofMinutes(1), Duration.ofMinutes(30), List.of(), zone);
    }

    public SchedulePolicy withConnections(int inAll, int perDestination) {
        return new SchedulePolicy(
                inAll,
                perDestination,
                initial,
                inMemory,
                inMemoryPerDestination,
                mostLanes,
                firstPause,
                longestPause,
                rates,
                zone);
    }

    public SchedulePolicy withMemory(int inAll, int perDestination, int lanes) {
        return new SchedulePolicy(
                most, mostPerDestination, initial, inAll, perDestination, lanes, firstPause, longestPause, rates, zone);
    }

    public SchedulePolicy withRates(List<Rate> newRates) {
        return new SchedulePolicy(
                most,
                mostPerDestination,
                initial,
                inMemory,
                inMemoryPerDestination,
                mostLanes,
                firstPause,
                longestPause,
                newRates,
                zone);
    }

    /**
     * At most so many mails to a destination within any period of that length.
     *
     * @param to each destination it names has a rate of its own
     */
    public record Rate(DestinationPattern to, int mails, Duration per) {
        public Rate {
            if (mails < 1 || per.isZero() || per.isNegative()) {
                throw new IllegalArgumentException("a rate is at least 1 mail per period");
            }
        }
    }
}
