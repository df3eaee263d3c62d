package org.relais.access.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * A range of IPv4 or IPv6 addresses in CIDR notation.
 *
 * @param base the range's first address: no bit is set behind the prefix
 * @param prefix length in bits, 0 to 32 (IPv4) or 128 (IPv6)
 */
public record Network(InetAddress base, int prefix) {
    public Network {
        int bits = base.getAddress().length * Byte.SIZE;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("prefix of " + base.getHostAddress() + " must be 0 to " + bits);
        }
        if (!sameBits(base.getAddress(), new byte[bits / Byte.SIZE], prefix, bits)) {
            throw new IllegalArgumentException(
                    base.getHostAddress() + "/" + prefix + " has address bits behind its prefix");
        }
    }

    /**
     * Reads {@code 10.1.0.0/16}, {@code 2001:db8::/32} or a single address.
     *
     * @throws IllegalArgumentException says what is wrong; names are never looked up
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress base = literal(slash < 0 ? text : text.substring(0, slash));
        int bits = base.getAddress().length * Byte.SIZE;
        if (slash < 0) {
            return new Network(base, bits);
        }
        try {
            return new Network(base, Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a network: " + text, e);
        }
    }

    public static boolean anyContains(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    public boolean contains(InetAddress address) {
        byte[] mine = base.getAddress();
        byte[] other = address.getAddress();
        return mine.length == other.length && sameBits(mine, other, 0, prefix);
    }

    private static boolean sameBits(byte[] left, byte[] right, int from, int to) {
        for (int bit = from; bit < to; bit++) {
            int mask = 0x80 >>> (bit % Byte.SIZE);
            if ((left[bit / Byte.SIZE] & mask) != (right[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress literal(String text) {
        boolean isLiteral =
                text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || text.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
        if (!isLiteral) {
            throw new IllegalArgumentException("not an IP address: " + text);
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IP address: " + text, e);
        }
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + prefix;
    }
}
