package org.relais.configuration.relaisxml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.relais.configuration.schema.Declaration;
import org.relais.configuration.schema.InvalidValueException;
import org.relais.configuration.schema.RelaisSchema;
import org.relais.configuration.schema.Setting;
import org.relais.configuration.settings.AdministrationSettings;
import org.relais.configuration.settings.DeliverySettings;
import org.relais.configuration.settings.HookSettings;
import org.relais.configuration.settings.Limits;
import org.relais.configuration.settings.Listener;
import org.relais.configuration.settings.LogSettings;
import org.relais.configuration.settings.Protocol;
import org.relais.configuration.settings.RateSettings;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.configuration.settings.RetrySettings;
import org.relais.configuration.settings.Route;
import org.relais.configuration.settings.SpoolSettings;
import org.relais.configuration.settings.StoreSettings;
import org.relais.configuration.settings.SubmissionSettings;
import org.relais.configuration.settings.TlsMode;
import org.relais.configuration.settings.TlsSettings;
import org.relais.configuration.xml.XmlAttribute;
import org.relais.configuration.xml.XmlElement;

/** Makes the settings of what was read: fills in defaults, resolves files against the conf folder. */
final class SettingsAssembly {
    private final Content content;
    private final Values values;
    private final Path confDirectory;

    SettingsAssembly(Content content, Path confDirectory) {
        this.content = content;
        this.values = content.values();
        this.confDirectory = confDirectory.toAbsolutePath().normalize();
    }

    RelaisSettings settings() {
        String domain = values.get(RelaisSchema.DOMAIN);
        return new RelaisSettings(
                values.get(RelaisSchema.HOSTNAME),
                domain,
                listeners(),
                items(RelaisSchema.DNS, RelaisSchema.DNS_SERVER),
                items(RelaisSchema.RELAY_FROM, RelaisSchema.RELAY_NETWORK),
                routes(),
                new TlsSettings(file(values.get(RelaisSchema.TLS_CERTIFICATE)), file(values.get(RelaisSchema.TLS_KEY))),
                limits(),
                new SubmissionSettings(values.get(RelaisSchema.BARE_LINE_ENDINGS)),
                new SpoolSettings(
                        values.get(RelaisSchema.SPOOL_WORKERS),
                        values.get(RelaisSchema.SPOOL_QUOTA),
                        values.get(RelaisSchema.SPOOL_MINIMUM_FREE),
                        values.get(RelaisSchema.SPOOL_RETENTION)),
                new StoreSettings(values.get(RelaisSchema.STORE_BACKEND)),
                delivery(domain),
                new AdministrationSettings(
                        values.get(RelaisSchema.ADMINISTRATION_ADDRESS),
                        values.get(RelaisSchema.ADMINISTRATION_PORT),
                        values.line(RelaisSchema.ADMINISTRATION_PORT)),
                new LogSettings(values.get(RelaisSchema.LOG_FORMAT), values.get(RelaisSchema.LOG_LEVEL)));
    }

    private List<Listener> listeners() {
        return content.items(RelaisSchema.LISTENERS).map(Content.ItemList::values).orElseGet(this::standard).stream()
                .map(SettingsAssembly::listener)
                .toList();
    }

    private List<Values> standard() {
        List<Values> listeners = new ArrayList<>();
        for (Map<Setting<?>, String> declared : RelaisSchema.LISTENERS.defaults()) {
            Values listener = new Values(1);
            declared.forEach((setting, text) -> putDefault(setting, text, listener));
            listeners.add(listener);
        }
        return listeners;
    }

    private static <T> void putDefault(Setting<T> setting, String text, Values into) {
        try {
            into.put(setting, setting.type().parse(text), text, into.line());
        } catch (InvalidValueException e) {
            throw new IllegalStateException("the declared default of " + setting.name() + " is wrong", e);
        }
    }

    private static Listener listener(Values listener) {
        Protocol protocol = listener.get(RelaisSchema.LISTENER_PROTOCOL);
        TlsMode tls = listener.find(RelaisSchema.LISTENER_TLS).orElse(protocol.standardTls());
        return new Listener(
                protocol,
                listener.get(RelaisSchema.LISTENER_ADDRESS),
                listener.find(RelaisSchema.LISTENER_PORT).orElse(protocol.standardPort(tls)),
                tls,
                listener.get(RelaisSchema.LISTENER_PROXY_FROM),
                listener.plugIns().stream().map(SettingsAssembly::hook).toList(),
                listener.line());
    }

    private static HookSettings hook(XmlElement element) {
        String className = element.attribute(RelaisSchema.HOOK_CLASS.name())
                .map(XmlAttribute::value)
                .orElseThrow();
        return new HookSettings(className.strip(), parameters(element), element.line());
    }

    private static List<HookSettings.Parameter> parameters(XmlElement element) {
        return element.children().stream()
                .map(child -> new HookSettings.Parameter(child.name(), child.value(), parameters(child)))
                .toList();
    }

    private <T> List<T> items(Declaration.Items items, Setting<T> setting) {
        return content.items(items).map(Content.ItemList::values).orElse(List.of()).stream()
                .map(item -> item.get(setting))
                .toList();
    }

    private List<Route> routes() {
        return content.items(RelaisSchema.ROUTES).map(Content.ItemList::values).orElse(List.of()).stream()
                .map(this::route)
                .toList();
    }

    private Route route(Values route) {
        return new Route(
                route.get(RelaisSchema.ROUTE_TO),
                route.get(RelaisSchema.ROUTE_FROM),
                route.get(RelaisSchema.ROUTE_VIA),
                route.get(RelaisSchema.ROUTE_SHUFFLE),
                route.find(RelaisSchema.ROUTE_CREDENTIALS).map(this::file).orElse(null),
                route.get(RelaisSchema.ROUTE_TLS),
                route.find(RelaisSchema.ROUTE_HELO).orElse(null),
                route.find(RelaisSchema.ROUTE_SOURCE).orElse(null),
                route.get(RelaisSchema.ROUTE_CONVERT),
                route.line());
    }

    private Limits limits() {
        return new Limits(
                values.get(RelaisSchema.MESSAGE_SIZE),
                values.get(RelaisSchema.RECIPIENTS),
                values.get(RelaisSchema.CONNECTIONS),
                values.get(RelaisSchema.CONNECTIONS_PER_CLIENT),
                values.get(RelaisSchema.SMTP_IDLE),
                values.get(RelaisSchema.POP3_IDLE),
                values.get(RelaisSchema.IMAP_IDLE),
                values.get(RelaisSchema.DRAIN),
                values.get(RelaisSchema.EXECUTOR_THREADS));
    }

    private DeliverySettings delivery(String domain) {
        String bounceSender = values.get(RelaisSchema.BOUNCE_SENDER);
        return new DeliverySettings(
                values.get(RelaisSchema.RETRY_SCHEDULE),
                values.get(RelaisSchema.EXPIRY),
                values.get(RelaisSchema.DELIVERY_CONCURRENCY),
                values.get(RelaisSchema.DELIVERY_CONNECTIONS),
                values.get(RelaisSchema.WARN_AFTER),
                bounceSender.contains("@") ? bounceSender : bounceSender + "@" + domain,
                values.get(RelaisSchema.BOUNCE_LANGUAGE),
                items(RelaisSchema.RETRIES).map(SettingsAssembly::retry).toList(),
                items(RelaisSchema.RATES).map(SettingsAssembly::rate).toList());
    }

    private Stream<Values> items(Declaration.Items items) {
        return content.items(items).map(Content.ItemList::values).orElse(List.of()).stream();
    }

    private static RetrySettings retry(Values retry) {
        return new RetrySettings(
                retry.get(RelaisSchema.RETRY_DOMAIN),
                retry.find(RelaisSchema.RETRY_ERROR).orElse(null),
                retry.find(RelaisSchema.RETRY_YOUNGER_THAN).orElse(null),
                retry.get(RelaisSchema.RETRY_WAITS),
                retry.find(RelaisSchema.RETRY_EXPIRY).orElse(null),
                retry.line());
    }

    private static RateSettings rate(Values rate) {
        return new RateSettings(
                rate.get(RelaisSchema.RATE_TO),
                rate.get(RelaisSchema.RATE_MAILS),
                rate.get(RelaisSchema.RATE_PER),
                rate.line());
    }

    private Path file(String written) {
        return confDirectory.resolve(written).normalize();
    }
}
