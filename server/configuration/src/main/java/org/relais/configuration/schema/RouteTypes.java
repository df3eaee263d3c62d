package org.relais.configuration.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.configuration.settings.HostPort;
import org.relais.configuration.settings.RouteVia;
import org.relais.model.AddressPattern;

/** The types of values that say which mail a route is for, and where it leads. */
final class RouteTypes {
    /** As many as one attempt looks up. */
    private static final int MAX_HOSTS = 20;

    private static final Pattern MX = Pattern.compile("mx(:([0-9]{1,5}))?");
    private static final Pattern URI = Pattern.compile("(smtp|smtps|lmtp)://(.+)");
    private static final String SEPARATOR = "[\\s,]+";

    private RouteTypes() {}

    /** @param isSender whether {@code <>} makes sense */
    static ValueType<List<AddressPattern>> patterns(boolean isSender) {
        String inWords = "*, or one or more of example.org, *.example.org, user@example.org"
                + (isSender ? ", <>" : "")
                + " with spaces between them";
        return type(inWords, Facets.any(), text -> {
            Set<AddressPattern> patterns = new LinkedHashSet<>();
            for (String word : text.split(SEPARATOR)) {
                patterns.add(pattern(word, isSender));
            }
            return List.copyOf(patterns);
        });
    }

    private static AddressPattern pattern(String word, boolean isSender) throws InvalidValueException {
        int at = word.lastIndexOf('@');
        if (at == 0) {
            throw new InvalidValueException(
                    "holds '" + word + "', which lacks what stands before the @",
                    "write " + word.substring(1) + " for all of its addresses");
        }
        String domain = word.startsWith("*.") ? word.substring(2) : word.substring(at + 1);
        if (domain.chars().anyMatch(c -> c > 0x7F)) {
            Names.parseHostName(domain);
        }
        AddressPattern pattern = AddressPattern.of(word)
                .orElseThrow(() -> new InvalidValueException(
                        "holds '" + word + "', which is no domain and no address",
                        "write example.org, *.example.org, user@example.org or *; put spaces between several"));
        if (pattern.equals(AddressPattern.NULL_PATH) && !isSender) {
            throw new InvalidValueException(
                    "holds <>, which no recipient has", "write it into from=\"…\", or delete it");
        }
        return pattern;
    }

    /** {@code smtp://host:port …}, {@code smtps://…}, {@code lmtp://…}, {@code mx} or {@code mx:port}. */
    static ValueType<RouteVia> via() {
        return type(
                "smtp://host:port, smtps://host:port or lmtp://host:port, or several with spaces between them, or mx",
                Facets.matching("mx(:[0-9]{1,5})?|(smtps?|lmtp)://[^ ]+( (smtps?|lmtp)://[^ ]+)*"),
                RouteTypes::parseVia);
    }

    private static RouteVia parseVia(String text) throws InvalidValueException {
        if (text.contains("@")) {
            throw InvalidValueException.ofSecret(
                    "holds a user name or password",
                    "write them into a file readable by relais only and name it in credentials=\"…\"");
        }
        Matcher mx = MX.matcher(text);
        if (mx.matches()) {
            String port = mx.group(2);
            return new RouteVia(
                    RouteVia.Scheme.MX, List.of(), port == null ? RouteVia.SMTP_PORT : Names.parsePort(port));
        }
        List<HostPort> hosts = new ArrayList<>();
        Set<RouteVia.Scheme> schemes = new LinkedHashSet<>();
        for (String word : text.split(SEPARATOR)) {
            Matcher uri = URI.matcher(word);
            if (!uri.matches()) {
                throw new InvalidValueException(
                        "is not where a route can lead",
                        "write smtp://smart.example.net:587, smtps://smart.example.net, lmtp://127.0.0.1:24 or mx");
            }
            RouteVia.Scheme scheme = RouteVia.Scheme.valueOf(uri.group(1).toUpperCase(Locale.ROOT));
            schemes.add(scheme);
            hosts.add(Names.parseHostPort(uri.group(2), scheme.standardPort()));
        }
        if (schemes.size() > 1) {
            throw new InvalidValueException(
                    "mixes "
                            + String.join(
                                    " and ",
                                    schemes.stream().map(RouteVia.Scheme::word).toList()),
                    "name hosts of one kind; the other kind needs a route of its own");
        }
        if (hosts.size() > MAX_HOSTS) {
            throw new InvalidValueException(
                    "names " + hosts.size() + " hosts",
                    "name at most " + MAX_HOSTS + ", or one name with many addresses");
        }
        return new RouteVia(schemes.iterator().next(), hosts, RouteVia.SMTP_PORT);
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
