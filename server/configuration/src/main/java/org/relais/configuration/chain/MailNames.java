package org.relais.configuration.chain;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.configuration.settings.IpAddresses;

/** The forms of addresses, domains and networks in a chain. Pure; for any thread. */
final class MailNames {
    private static final Pattern ADDRESS = Pattern.compile(
            "(\"[^\"]+\"|[^\\s@<>(),;:\\\\\"\\[\\]]+)@([\\p{L}\\p{N}]([\\p{L}\\p{N}.-]*[\\p{L}\\p{N}])?|\\[[^\\]]+\\])");
    private static final Pattern QUOTED_NAME = Pattern.compile("\"[^\"]*\"\\s*(?=<)");
    private static final Pattern IN_ANGLES = Pattern.compile("[^<>]*<([^<>]*)>\\s*");
    private static final Pattern DOMAIN = Pattern.compile("[\\p{L}\\p{N}_]([\\p{L}\\p{N}._-]*[\\p{L}\\p{N}])?");
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern NUMERIC_LABEL_LAST = Pattern.compile("(.*\\.)?\\d+");

    private MailNames() {}

    static boolean isAddressOr(List<String> words, String text) {
        if (words.contains(text)) {
            return true;
        }
        Matcher inAngles = IN_ANGLES.matcher(text);
        String address = inAngles.matches() ? inAngles.group(1) : text;
        return words.contains(address) || ADDRESS.matcher(address).matches();
    }

    /** Separated by commas; by white space too where no address has a display name. */
    static boolean areAddressesOr(List<String> words, String text) {
        List<String> pieces = Arrays.stream(
                        QUOTED_NAME.matcher(text).replaceAll("").split(","))
                .map(String::strip)
                .filter(piece -> !piece.isEmpty())
                .toList();
        return !pieces.isEmpty()
                && pieces.stream()
                        .allMatch(piece -> isAddressOr(words, piece)
                                || !piece.contains("<")
                                        && Arrays.stream(piece.split("\\s+"))
                                                .allMatch(part -> isAddressOr(words, part)));
    }

    static boolean areDomains(String text) {
        List<String> pieces = Arrays.stream(text.split("[,\\s]+"))
                .filter(piece -> !piece.isEmpty())
                .toList();
        return !pieces.isEmpty() && pieces.stream().allMatch(MailNames::isDomain);
    }

    private static boolean isDomain(String text) {
        return DOMAIN.matcher(text).matches() && !text.contains("..");
    }

    static boolean areNetworks(String text) {
        List<String> pieces =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        return pieces.stream().allMatch(MailNames::isNetwork);
    }

    /** An address or a host name, with a prefix length or, behind an IPv4 address, a mask. */
    private static boolean isNetwork(String text) {
        String[] parts = text.split("/", -1);
        String address = parts[0];
        boolean ipv4 = isIpv4(address);
        boolean ipv6 = !ipv4 && isIpv6(address);
        boolean host = !ipv4
                && !ipv6
                && isDomain(address)
                && !NUMERIC_LABEL_LAST.matcher(address).matches();
        if (parts.length == 1) {
            return ipv4 || ipv6 || host;
        }
        return parts.length == 2 && (ipv4 && isIpv4(parts[1]) || (ipv4 || ipv6 || host) && isPrefix(parts[1], ipv4));
    }

    private static boolean isIpv4(String text) {
        Matcher octets = IPV4.matcher(text);
        return octets.matches()
                && List.of(octets.group(1), octets.group(2), octets.group(3), octets.group(4)).stream()
                        .allMatch(octet -> Integer.parseInt(octet) <= 255);
    }

    private static boolean isIpv6(String text) {
        return text.indexOf(':') >= 0 && IpAddresses.parse(text).isPresent();
    }

    private static boolean isPrefix(String text, boolean ipv4) {
        return text.matches("\\d{1,3}") && Integer.parseInt(text) <= (ipv4 ? 32 : 128);
    }
}
