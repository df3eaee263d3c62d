package org.relais.delivery.route;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which addresses of a host mail may go to, and in which order. Pure. */
final class Addresses {
    private static final int BROADCAST = 0xFF;

    private Addresses() {}

    /** Whether one other host, and the same for everybody, can be at that address. */
    static boolean isSomebody(InetAddress address, boolean isLoopbackTaken) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        if (address instanceof Inet4Address) {
            int first = address.getAddress()[0] & 0xFF;
            if (first == 0 || first == BROADCAST) { // RFC 6890 §2.2.2
                return false;
            }
        }
        // Without its zone, which DNS does not tell, a link-local address of IPv6 leads nowhere.
        boolean isUnzoned = address instanceof Inet6Address && address.isLinkLocalAddress();
        return !isUnzoned && (isLoopbackTaken || !address.isLoopbackAddress());
    }

    /** IPv6 and IPv4 by turns, at random within each: where one family does not get through, the other is next. */
    static List<InetAddress> interleaved(List<InetAddress> addresses, Random random) {
        List<InetAddress> ipv6 = new ArrayList<>();
        List<InetAddress> ipv4 = new ArrayList<>();
        addresses.forEach(address -> (address instanceof Inet6Address ? ipv6 : ipv4).add(address));
        Collections.shuffle(ipv6, random);
        Collections.shuffle(ipv4, random);
        List<InetAddress> both = new ArrayList<>();
        for (int i = 0; i < Math.max(ipv6.size(), ipv4.size()); i++) {
            if (i < ipv6.size()) {
                both.add(ipv6.get(i));
            }
            if (i < ipv4.size()) {
                both.add(ipv4.get(i));
            }
        }
        return both;
    }
}
