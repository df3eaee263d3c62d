package org.relais.dns;

import java.util.List;

/** What a look-up came to. */
public sealed interface Lookup<T> {

    /** @param records not empty */
    record Found<T>(List<T> records) implements Lookup<T> {
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("found, but nothing");
            }
        }
    }

    /** The name exists and has no such record. */
    record NoData<T>() implements Lookup<T> {}

    /** The name does not exist: NXDOMAIN from a server that answers for it. */
    record NoDomain<T>() implements Lookup<T> {}

    /** Nobody knows now: SERVFAIL, no answer within the deadline, a broken answer, a loop of CNAMEs. Temporary. */
    record Failed<T>(String why) implements Lookup<T> {}
}
