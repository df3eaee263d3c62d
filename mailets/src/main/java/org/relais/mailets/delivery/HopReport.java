package org.relais.mailets.delivery;

import java.util.Map;
import org.apache.james.core.MailAddress;
import org.relais.mailets.relay.Outcome;

/**
 * What one next hop said.
 *
 * @param outcomes one for each recipient of the attempt
 * @param reply the last reply, for people
 * @param tls version and cipher, or {@code none}
 */
record HopReport(Map<MailAddress, Outcome> outcomes, String reply, String tls) {
    HopReport {
        outcomes = Map.copyOf(outcomes);
    }
}
