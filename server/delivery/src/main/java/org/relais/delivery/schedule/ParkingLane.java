package org.relais.delivery.schedule;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What stands parked in the spool for one group of senders of one destination, or for several where lanes are short. */
final class ParkingLane<J> {
    final long id;
    /** Null: of several destinations, or not known. */
    final @Nullable DestinationQueue<J> destination;

    final int group;
    int parked;
    boolean isRefilling;
    int reserved;
    /** What was taken into memory of its group since the refilling began. */
    int taken;

    Instant restsUntil = Instant.MIN;

    ParkingLane(long id, @Nullable DestinationQueue<J> destination, int group) {
        this.id = id;
        this.destination = destination;
        this.group = group;
    }
}
