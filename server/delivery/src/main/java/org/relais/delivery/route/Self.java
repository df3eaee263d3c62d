package org.relais.delivery.route;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.relais.dns.DomainName;

/**
 * What is us, so that mail does not go in circles.
 *
 * @param hostNames our names, in lower case
 * @param places where we take mail: each address with its port
 * @param isOnLoopbackOnly whether we are reached from this machine alone. Then it is a machine for trials, and MX hosts on
 *     loopback are taken for what they say; or else they are refused, as they are this machine to whoever looks them up
 */
public record Self(Set<String> hostNames, Set<InetSocketAddress> places, boolean isOnLoopbackOnly) {
    public Self {
        hostNames = Set.copyOf(hostNames);
        places = Set.copyOf(places);
    }

    /**
     * @param listeners where mail is taken; a wildcard address stands for all of {@code addresses}
     * @param addresses of this machine's interfaces
     */
    public static Self of(
            Collection<String> hostNames, List<InetSocketAddress> listeners, Collection<InetAddress> addresses) {
        Set<String> names = new HashSet<>();
        hostNames.forEach(name -> names.add(DomainName.ascii(name).orElseGet(() -> name.toLowerCase(Locale.ROOT))));
        Set<InetSocketAddress> places = new HashSet<>();
        for (InetSocketAddress listener : listeners) {
            places.add(listener);
            if (listener.getAddress().isAnyLocalAddress()) {
                addresses.forEach(address -> places.add(new InetSocketAddress(address, listener.getPort())));
            }
        }
        boolean isOnLoopbackOnly =
                listeners.stream().allMatch(listener -> listener.getAddress().isLoopbackAddress());
        return new Self(names, places, isOnLoopbackOnly);
    }

    public boolean isAt(InetAddress address, int port) {
        return places.contains(new InetSocketAddress(address, port))
                // All of 127.0.0.0/8 is this machine; a wildcard listener answers on each.
                || (address.isLoopbackAddress()
                        && places.stream()
                                .anyMatch(place -> place.getPort() == port
                                        && place.getAddress().isAnyLocalAddress()));
    }

    public boolean isNamed(String host) {
        return hostNames.contains(host.toLowerCase(Locale.ROOT));
    }
}
