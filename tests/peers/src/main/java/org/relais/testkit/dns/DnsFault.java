package org.relais.testkit.dns;

import java.time.Duration;
import org.xbill.DNS.Rcode;

/** What a {@link DnsServer} does wrong on purpose for a name. */
sealed interface DnsFault {
    record Drops() implements DnsFault {}

    record Delays(Duration latency) implements DnsFault {}

    /** Answers UDP with TC and no records, so that the client has to come by TCP. */
    record TruncatesUdp() implements DnsFault {}

    record Refuses(int rcode) implements DnsFault {
        static Refuses servfail() {
            return new Refuses(Rcode.SERVFAIL);
        }
    }
}
