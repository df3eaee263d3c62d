package org.relais.configuration.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of addresses in CIDR notation, IPv4 or IPv6 (RFC 4632, RFC 4291 §2.3).
 *
 * @param address the first address: every bit behind the prefix is 0
 * @param prefix how many leading bits count
 */
public record Network(InetAddress address, int prefix) {
    public Network {
        int bits = address.getAddress().length * 8;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("a prefix of 0 to " + bits + " bits, was " + prefix);
        }
        if (!address.equals(masked(address, prefix))) {
            throw new IllegalArgumentException(address + " has bits set behind its prefix of " + prefix);
        }
    }

    /** The network of that prefix in which {@code address} lies. */
    public static Network around(InetAddress address, int prefix) {
        return new Network(masked(address, prefix), prefix);
    }

    /** An IPv4 address never lies in an IPv6 network. */
    public boolean contains(InetAddress client) {
        return client.getAddress().length == address.getAddress().length
                && masked(client, prefix).equals(address);
    }

    public boolean isIpv6() {
        return address.getAddress().length == 16;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }

    private static InetAddress masked(InetAddress address, int prefix) {
        byte[] octets = address.getAddress();
        for (int bit = prefix; bit < octets.length * 8; bit++) {
            octets[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 octets", e);
        }
    }
}
