package org.relais.delivery.route;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.relais.dns.MxHost;

/**
 * Which MX hosts are tried, and in which order (RFC 5321 §5.1): by preference, at random among equals; where we are among
 * them, only those that are preferred to us. Pure.
 *
 * @param candidates in the order to try them, at most {@value #MAX_HOSTS}
 * @param isNull whether the domain takes no mail (RFC 7505)
 * @param isOurs whether we are one of the hosts, by name
 * @param refused hosts whose name leads nowhere but to whoever looks it up
 */
record MxSelection(List<Candidate> candidates, boolean isNull, boolean isOurs, List<String> refused) {
    static final int MAX_HOSTS = 20;

    static MxSelection of(List<MxHost> hosts, int port, Self self, Random random) {
        List<MxHost> named = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        int ours = Integer.MAX_VALUE;
        for (MxHost mx : hosts) {
            if (self.isNamed(mx.host())) {
                ours = Math.min(ours, mx.preference());
            } else if (isLocalhost(mx.host())) {
                refused.add(mx.host());
            } else if (!mx.host().isEmpty()) { // RFC 7505 §3: a null MX beside others is a mistake, and says nothing
                named.add(mx);
            }
        }
        int bound = ours;
        named.removeIf(mx -> mx.preference() >= bound);
        Collections.shuffle(named, random);
        named.sort(Comparator.comparingInt(MxHost::preference));
        Set<String> seen = new HashSet<>();
        List<Candidate> candidates = named.stream()
                .filter(mx -> seen.add(mx.host()))
                .limit(MAX_HOSTS)
                .map(mx -> new Candidate(mx.host(), mx.preference(), port))
                .toList();
        boolean isNull = hosts.stream().allMatch(mx -> mx.host().isEmpty());
        return new MxSelection(candidates, isNull, ours != Integer.MAX_VALUE, refused);
    }

    /** RFC 6761 §6.3. */
    private static boolean isLocalhost(String host) {
        return host.equals("localhost") || host.endsWith(".localhost");
    }
}
