package org.relais.mailets.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.mail.MessagingException;
import org.apache.james.util.DurationParser;
import org.apache.mailet.MailetConfig;
import org.relais.delivery.engine.DeliveryName;
import org.relais.delivery.engine.Retries;
import org.relais.delivery.route.Route;
import org.relais.delivery.route.Routes;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.smtpclient.TlsPolicy.Level;

/**
 * What a {@code <mailet class="RelayDelivery">}, or a {@code RemoteDelivery} written for James, says on top of the
 * settings of the home.
 */
final class RelayParameters {
    private static final Duration JAMES_DELAY = Duration.ofHours(6);
    private static final int JAMES_RETRIES = 5;
    private static final int SMTP_PORT = 25;
    private static final int MOST_PORT = 65_535;
    private static final Pattern HOST =
            Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::(\\d{1,5}))?|([^\\s:\\[\\]]+)(?::(\\d{1,5}))?");
    private static final int IMPLICIT_TLS_PORT = 465;

    private final MailetConfig config;

    RelayParameters(MailetConfig config) {
        this.config = config;
    }

    /** The routes of the chain, or those of the home with what the chain says on top. */
    Routes routes(RelaySettings home) throws MessagingException {
        Optional<InetAddress> source = bind();
        Optional<String> helo = text("heloName");
        try {
            Optional<TlsPolicy> tls = tls();
            List<Route.Host> gateways = gateways();
            if (!gateways.isEmpty()) {
                Route route = new Route(
                        "gateway of the chain",
                        gateways,
                        flag("loadBalancing", true),
                        SMTP_PORT,
                        Protocol.SMTP,
                        tls.orElse(TlsPolicy.OPPORTUNISTIC),
                        credentials(),
                        helo.orElse(home.heloName()),
                        source,
                        false);
                return (reversePath, forwardPath) -> route;
            }
            return tls.isEmpty() && helo.isEmpty() && source.isEmpty()
                    ? home.routes()
                    : new ChainRoutes(home.routes(), tls, helo, source);
        } catch (IllegalArgumentException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    Retries retries(RelaySettings home) throws MessagingException {
        try {
            Optional<String> delayTime = text("delayTime");
            Optional<Integer> retries = number("maxRetries");
            if (delayTime.isEmpty() && retries.isEmpty()) {
                return home.retries();
            }
            List<Duration> delays = delayTime.map(RelayParameters::delays).orElse(List.of(JAMES_DELAY));
            int most = Math.max(retries.orElse(JAMES_RETRIES), delayTime.isPresent() ? delays.size() : 0);
            return new ChainSchedule(delays, most + 1);
        } catch (IllegalArgumentException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    String bounceProcessor() {
        return text("bounceProcessor").orElse("bounces");
    }

    /** The queue's name and a fingerprint of the rest, the password left out. */
    DeliveryName name() {
        Map<String, String> parameters = new HashMap<>();
        for (Iterator<String> names = config.getInitParameterNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equalsIgnoreCase("gatewayPassword")) {
                parameters.put(name, text(name).orElse(""));
            }
        }
        return DeliveryName.of(text("outgoing").orElse("outgoing"), parameters);
    }

    Optional<String> onSuccess() {
        return text("onSuccess");
    }

    boolean usesPriority() {
        return flag("usePriority", false);
    }

    /** How many attempts at a domain that does not exist are made before it is given up; James's default is none more. */
    int unknownDomainRetries() throws MessagingException {
        try {
            return number("maxDnsProblemRetries").orElse(0);
        } catch (IllegalArgumentException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    private Optional<InetAddress> bind() throws MessagingException {
        Optional<String> address = text("bind");
        try {
            return address.isEmpty() ? Optional.empty() : Optional.of(InetAddress.getByName(address.get()));
        } catch (UnknownHostException e) {
            throw new MessagingException("bind must be an address of this machine, was " + address.get(), e);
        }
    }

    private List<Route.Host> gateways() {
        Optional<String> gateway = text("gateway");
        if (gateway.isEmpty()) {
            return List.of();
        }
        int port = number("gatewayPort").orElse(flag("sslEnable", false) ? IMPLICIT_TLS_PORT : SMTP_PORT);
        return Arrays.stream(gateway.get().split(","))
                .map(host -> host(host, port))
                .toList();
    }

    /** {@code name}, {@code name:port}, {@code [2001:db8::1]:port}. */
    private static Route.Host host(String text, int defaultPort) {
        Matcher matcher = HOST.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "gateway must be name, name:port or [IPv6]:port, separated by commas, was: " + text);
        }
        boolean isLiteral = matcher.group(1) != null;
        String port = matcher.group(isLiteral ? 2 : 4);
        int number = port == null ? defaultPort : Integer.parseInt(port);
        if (number < 1 || number > MOST_PORT) {
            throw new IllegalArgumentException("a port is 1 to 65535, was " + number);
        }
        return new Route.Host(matcher.group(isLiteral ? 1 : 3), number);
    }

    private Optional<Credentials> credentials() {
        return text("gatewayUsername")
                .or(() -> text("gatewayusername"))
                .map(user -> new Credentials(user, text("gatewayPassword").orElse("")));
    }

    private Optional<TlsPolicy> tls() {
        Optional<String> startTls = text("startTLS");
        boolean verifies = flag("verifyServerIdentity", false);
        if (flag("sslEnable", false)) {
            Level level = flag("verifyServerIdentity", true) ? Level.VERIFIED : Level.REQUIRED;
            return Optional.of(new TlsPolicy(level, true, "sslEnable in the chain"));
        }
        if (startTls.isPresent() && !flag("startTLS", false)) {
            return Optional.of(new TlsPolicy(Level.NONE, false, "startTLS in the chain"));
        }
        if (verifies) {
            return Optional.of(new TlsPolicy(Level.VERIFIED, false, "verifyServerIdentity in the chain"));
        }
        return startTls.map(given -> new TlsPolicy(Level.OPPORTUNISTIC, false, "startTLS in the chain"));
    }

    /** {@code 5 minutes, 3*1 hour}: the number before the star says how often the delay is used. */
    private static List<Duration> delays(String text) {
        List<Duration> delays = new ArrayList<>();
        for (String part : text.split(",")) {
            int star = part.indexOf('*');
            try {
                int times =
                        star < 0 ? 1 : Integer.parseInt(part.substring(0, star).strip());
                delays.addAll(Collections.nCopies(
                        times, DurationParser.parse(part.substring(star + 1).strip())));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "delayTime must be delays such as 5 minutes, 3*1 hour, was: " + text, e);
            }
        }
        return delays;
    }

    private Optional<Integer> number(String name) {
        return text(name).map(value -> {
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(name + " must be a number, was " + value, e);
            }
        });
    }

    private boolean flag(String name, boolean otherwise) {
        return text(name).map(Boolean::parseBoolean).orElse(otherwise);
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(config.getInitParameter(name))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }
}
