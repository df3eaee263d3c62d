package org.relais.configuration.schema;

import java.net.IDN;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.configuration.settings.HostPort;
import org.relais.configuration.settings.IpAddresses;
import org.relais.configuration.settings.Network;

/** The types of values that name hosts, networks and mail addresses. */
final class Names {
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final String HOST_NAME = LABEL + "(\\." + LABEL + ")*";
    private static final int HOST_NAME_LENGTH = 253;
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[^\\]]*\\]|[^:\\[\\]]*)(:([0-9]{1,5}))?");
    private static final String HOST_AND_PORT_PATTERN = "(\\[[0-9A-Fa-f:.]+\\]|[^:\\[\\]]+)(:[0-9]{1,5})?";

    private static final Pattern CLASS_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*([.$][A-Za-z_][A-Za-z0-9_]*)*");

    private Names() {}

    /** RFC 1123 §2.1; in A-labels, lower case comes out. */
    static ValueType<String> hostName() {
        return type("a host name such as mx.example.org", Facets.matching(HOST_NAME), Names::parseHostName);
    }

    static ValueType<String> domain() {
        return type("a domain such as example.org", Facets.matching(HOST_NAME), Names::parseHostName);
    }

    /** An address to listen on. */
    /** Of a Java class; whether it exists is another check's. */
    static ValueType<String> className() {
        return type("a class name, with or without its package", Facets.any(), text -> {
            if (!CLASS_NAME.matcher(text).matches()) {
                throw new InvalidValueException(
                        "is no class name", "write it like com.example.mail.RefuseEmptySubject");
            }
            return text;
        });
    }

    static ValueType<InetAddress> address() {
        return type(
                "an IP address",
                Facets.matching("[0-9A-Fa-f:.\\[\\]]+"),
                text -> IpAddresses.parse(text)
                        .orElseThrow(
                                () -> new InvalidValueException(
                                        "is not an IP address",
                                        text.equalsIgnoreCase("localhost")
                                                ? "write 127.0.0.1"
                                                : "write 127.0.0.1 or ::1 for this machine only, 0.0.0.0 or :: for every address")));
    }

    static ValueType<Network> network() {
        return type(
                "a network such as 10.1.0.0/16 or 2001:db8::/32",
                Facets.matching("[0-9A-Fa-f:.]+(/[0-9]{1,3})?"),
                Names::parseNetwork);
    }

    static ValueType<List<Network>> networks() {
        return new ValueType<>() {
            @Override
            public List<Network> parse(String text) throws InvalidValueException {
                List<Network> networks = new ArrayList<>();
                for (String part : text.isEmpty() ? new String[0] : text.split("[\\s,]+")) {
                    networks.add(parseNetwork(part));
                }
                return networks;
            }

            @Override
            public String inWords() {
                return "networks such as 10.1.0.0/16, with spaces between them";
            }

            @Override
            public boolean takesEmpty() {
                return true;
            }

            @Override
            public Facets facets() {
                return Facets.matching("[0-9A-Fa-f:./, ]*");
            }
        };
    }

    /** A DNS server: an address, as its name could not be looked up; port 53 unless told. */
    static ValueType<HostPort> dnsServer() {
        return type(
                "an IP address with or without a port",
                Facets.matching(HOST_AND_PORT_PATTERN + "|[0-9A-Fa-f:.]+"),
                text -> {
                    if (text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[")) {
                        return new HostPort(parseAddress(text).getHostAddress(), 53);
                    }
                    HostPort server = parseHostPort(text, 53);
                    return new HostPort(parseAddress(server.host()).getHostAddress(), server.port());
                });
    }

    private static InetAddress parseAddress(String text) throws InvalidValueException {
        return IpAddresses.parse(text)
                .orElseThrow(() -> new InvalidValueException(
                        "is not an IP address with or without a port",
                        "write it like 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353"));
    }

    /** A mail address, or a local part alone, which belongs to the domain. */
    static ValueType<String> mailAddress() {
        return type(
                "a mail address, or a local part of <domain>",
                Facets.matching("[^@\\s<>]+(@" + HOST_NAME + ")?"),
                text -> {
                    int at = text.lastIndexOf('@');
                    String local = at < 0 ? text : text.substring(0, at);
                    // RFC 5321 §4.5.3.1.1: 64 octets; quoted local parts are not needed here.
                    if (!local.matches("[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")) {
                        throw new InvalidValueException("is not a mail address", "write postmaster@example.org");
                    }
                    return at < 0 ? local : local + "@" + parseHostName(text.substring(at + 1));
                });
    }

    static int parsePort(String text) throws InvalidValueException {
        int port = Integer.parseInt(text);
        if (port < 1 || port > 65535) {
            throw new InvalidValueException("has a port that is not 1 to 65535", "write it like mx:25");
        }
        return port;
    }

    static HostPort parseHostPort(String text, int standardPort) throws InvalidValueException {
        Matcher written = HOST_AND_PORT.matcher(text);
        int port =
                !written.matches() ? 0 : written.group(3) == null ? standardPort : Integer.parseInt(written.group(3));
        if (port < 1 || port > 65535) {
            throw new InvalidValueException(
                    "is not a host with or without a port of 1 to 65535", "write it like smart.example.net:587");
        }
        String host = written.group(1);
        if (host.startsWith("[")) {
            return new HostPort(parseAddress(host).getHostAddress(), port);
        }
        return new HostPort(IpAddresses.parse(host).isPresent() ? host : parseHostName(host), port);
    }

    static String parseHostName(String text) throws InvalidValueException {
        if (text.length() <= HOST_NAME_LENGTH && text.matches(HOST_NAME) && !text.matches("[0-9.]+")) {
            return text.toLowerCase(Locale.ROOT);
        }
        if (text.chars().anyMatch(c -> c > 0x7F)) {
            throw new InvalidValueException("is not written in ASCII", asciiRemedy(text));
        }
        throw new InvalidValueException(
                "is not a host name",
                "write labels of letters, digits and hyphens with dots between them, such as mx.example.org");
    }

    private static String asciiRemedy(String text) {
        try {
            return "write its ASCII form " + IDN.toASCII(text);
        } catch (IllegalArgumentException e) {
            return "write a name of letters, digits, hyphens and dots";
        }
    }

    private static Network parseNetwork(String text) throws InvalidValueException {
        int slash = text.indexOf('/');
        InetAddress address = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new InvalidValueException(
                        "is not a network", "write an address and a prefix: 10.1.0.0/16 or 2001:db8::/32"));
        int bits = address.getAddress().length * 8;
        String written = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
        if (!written.matches("[0-9]{1,3}") || Integer.parseInt(written) > bits) {
            throw new InvalidValueException(
                    "has a prefix that is not a number from 0 to " + bits,
                    "write it like " + address.getHostAddress() + "/" + (bits == 32 ? 24 : 64));
        }
        Network network = Network.around(address, Integer.parseInt(written));
        if (!network.address().equals(address)) {
            throw new InvalidValueException(
                    "has bits set behind its prefix",
                    "write " + network + ", or " + address.getHostAddress() + " for the one host");
        }
        return network;
    }

    private interface Parser<T> {
        T parse(String text) throws InvalidValueException;
    }

    private static <T> ValueType<T> type(String inWords, Facets facets, Parser<T> parser) {
        return new ValueType<>() {
            @Override
            public T parse(String text) throws InvalidValueException {
                return parser.parse(text);
            }

            @Override
            public String inWords() {
                return inWords;
            }

            @Override
            public Facets facets() {
                return facets;
            }
        };
    }
}
