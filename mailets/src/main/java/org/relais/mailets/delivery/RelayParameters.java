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
import javax.mail.MessagingException;
import org.apache.james.util.DurationParser;
import org.apache.mailet.MailetConfig;
import org.relais.mailets.relay.Credentials;
import org.relais.mailets.relay.RelaySchedule;
import org.relais.mailets.relay.RelaySettings;
import org.relais.mailets.relay.SmartHost;
import org.relais.mailets.relay.TlsPolicy;

/**
 * What a {@code <mailet class="RelayDelivery">}, or a {@code RemoteDelivery} written for James, says on top of the
 * settings of the home.
 */
final class RelayParameters {
    private static final Duration JAMES_DELAY = Duration.ofHours(6);
    private static final int JAMES_RETRIES = 5;
    private static final Duration NEVER = Duration.ofDays(36_500);
    private static final int IMPLICIT_TLS_PORT = 465;

    private final MailetConfig config;

    RelayParameters(MailetConfig config) {
        this.config = config;
    }

    RelaySettings over(RelaySettings home) throws MessagingException {
        try {
            RelaySettings settings = home.withTls(tls(home.tls()))
                    .withSchedule(schedule(home.schedule()))
                    .withThreads(number("deliveryThreads").orElse(home.threads()))
                    .withHeloName(text("heloName").orElse(home.heloName()))
                    .withBounceProcessor(text("bounceProcessor").orElse(home.bounceProcessor()))
                    .withTimeouts(
                            duration("connectiontimeout").orElse(home.connectTimeout()),
                            duration("timeout").orElse(home.replyTimeout()));
            List<SmartHost> gateways = gateways();
            return gateways.isEmpty()
                    ? settings
                    : settings.withSmartHosts(gateways).withCredentials(credentials());
        } catch (IllegalArgumentException e) {
            throw new MessagingException(e.getMessage(), e);
        }
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

    boolean shufflesGateways() {
        return text("gateway").isPresent() && flag("loadBalancing", true);
    }

    /** How many attempts at a domain that does not exist are made before it is given up; James's default is none more. */
    int unknownDomainRetries() throws MessagingException {
        try {
            return number("maxDnsProblemRetries").orElse(0);
        } catch (IllegalArgumentException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    Optional<InetAddress> bind() throws MessagingException {
        Optional<String> address = text("bind");
        try {
            return address.isEmpty() ? Optional.empty() : Optional.of(InetAddress.getByName(address.get()));
        } catch (UnknownHostException e) {
            throw new MessagingException("bind must be an address of this machine, was " + address.get(), e);
        }
    }

    /** Parameters {@code mail.*}, which JavaMail understands. */
    Map<String, String> javaMail() {
        Map<String, String> properties = new HashMap<>();
        for (Iterator<String> names = config.getInitParameterNames(); names.hasNext(); ) {
            String name = names.next();
            if (name.startsWith("mail.")) {
                properties.put(name, config.getInitParameter(name));
            }
        }
        return properties;
    }

    private List<SmartHost> gateways() {
        Optional<String> gateway = text("gateway");
        if (gateway.isEmpty()) {
            return List.of();
        }
        boolean isImplicitTls = flag("sslEnable", false);
        int port = number("gatewayPort").orElse(isImplicitTls ? IMPLICIT_TLS_PORT : RelaySettings.SMTP_PORT);
        return Arrays.stream(gateway.get().split(","))
                .map(host -> SmartHost.parse(host, port, isImplicitTls))
                .toList();
    }

    private Optional<Credentials> credentials() {
        return text("gatewayUsername")
                .or(() -> text("gatewayusername"))
                .map(user -> new Credentials(user, text("gatewayPassword").orElse("")));
    }

    private TlsPolicy tls(TlsPolicy home) {
        Optional<String> startTls = text("startTLS");
        Optional<String> verify = text("verifyServerIdentity");
        if (flag("sslEnable", false)) {
            return flag("verifyServerIdentity", true) ? TlsPolicy.VERIFIED : TlsPolicy.REQUIRED;
        }
        if (startTls.isPresent() && !flag("startTLS", false)) {
            return TlsPolicy.NONE;
        }
        if (verify.isPresent() && flag("verifyServerIdentity", false)) {
            return TlsPolicy.VERIFIED;
        }
        return startTls.isPresent() ? TlsPolicy.OPPORTUNISTIC : home;
    }

    private RelaySchedule schedule(RelaySchedule home) {
        Optional<String> delayTime = text("delayTime");
        Optional<Integer> retries = number("maxRetries");
        if (delayTime.isEmpty() && retries.isEmpty()) {
            return home;
        }
        List<Duration> delays = delayTime.map(RelayParameters::delays).orElse(List.of(JAMES_DELAY));
        int most = Math.max(retries.orElse(JAMES_RETRIES), delayTime.isPresent() ? delays.size() : 0);
        return new RelaySchedule(delays, most + 1, NEVER);
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

    private Optional<Duration> duration(String name) {
        return text(name).map(value -> {
            try {
                return DurationParser.parse(value);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + " must be milliseconds or such as 30s, was " + value, e);
            }
        });
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
