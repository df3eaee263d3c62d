package org.relais.configuration.schema;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.relais.configuration.settings.BareLineEndings;
import org.relais.configuration.settings.BounceLanguage;
import org.relais.configuration.settings.ByteSize;
import org.relais.configuration.settings.DeliveryError;
import org.relais.configuration.settings.HostPort;
import org.relais.configuration.settings.LogFormat;
import org.relais.configuration.settings.LogLevel;
import org.relais.configuration.settings.Network;
import org.relais.configuration.settings.Protocol;
import org.relais.configuration.settings.RouteTls;
import org.relais.configuration.settings.RouteVia;
import org.relais.configuration.settings.StoreBackend;
import org.relais.configuration.settings.TlsMode;
import org.relais.model.AddressPattern;

/**
 * Every setting of relais.xml, declared once. To add one: declare it here, add it to its element below, take it in
 * {@code relaisxml.SettingsAssembly}, and run the tests, which say how to write the generated files anew.
 */
public final class RelaisSchema {
    public static final Setting<String> HOSTNAME = Setting.of(
            "hostname",
            Names.hostName(),
            "localhost",
            "The name by which this relay calls itself: in its banner, its EHLO and its Received fields.");

    public static final Setting<String> DOMAIN = Setting.of(
            "domain",
            Names.domain(),
            "localhost",
            "The first local domain, made at the start while there is no local domain; more: relais domain add.");

    public static final Setting<Protocol> LISTENER_PROTOCOL =
            Setting.required("protocol", words(Protocol.values(), Protocol::word, ""), "What is spoken.");
    public static final Setting<InetAddress> LISTENER_ADDRESS =
            Setting.of("address", Names.address(), "127.0.0.1", "Where to listen; 0.0.0.0 and :: mean every address.");
    public static final Setting<Integer> LISTENER_PORT = Setting.optional(
            "port",
            Scalars.wholeNumber(0, 65535),
            "the standard port of the protocol",
            "The port; 0 takes any free one, for tests.");
    public static final Setting<TlsMode> LISTENER_TLS = Setting.optional(
            "tls",
            words(TlsMode.values(), TlsMode::word, ""),
            "none for lmtp, starttls for the others",
            "starttls: TLS from the client's STARTTLS (POP3: STLS) on; implicit: from the first octet on.");
    public static final Setting<List<Network>> LISTENER_PROXY_FROM = Setting.of(
            "proxyFrom",
            Names.networks(),
            "",
            "Who connects from there must begin with PROXY protocol v1 or v2; nobody else may.");

    public static final Setting<String> HOOK_CLASS = Setting.required(
            "class",
            Names.className(),
            "A plug-in of James's SMTP hooks, for smtp, submission and lmtp; what stands inside is for it to read. They"
                    + " are asked in their order; docs/hooks.md says what they can do.");
    public static final Declaration.PlugIn HOOK = new Declaration.PlugIn("hook", HOOK_CLASS);

    public static final Setting<HostPort> DNS_SERVER =
            Setting.required("server", Names.dnsServer(), "A DNS server to ask, on port 53 unless another is named.");

    public static final Setting<Network> RELAY_NETWORK =
            Setting.required("network", Names.network(), "Clients from there may relay without a login.");

    public static final Setting<List<AddressPattern>> ROUTE_TO = Setting.of(
            "to",
            RouteTypes.patterns(false),
            "*",
            "Which recipients: * is all, *.example.org every domain below example.org but not itself.");
    public static final Setting<List<AddressPattern>> ROUTE_FROM = Setting.of(
            "from",
            RouteTypes.patterns(true),
            "*",
            "Which senders (reverse-paths), written like to; <> is the null one, which bounces have.");
    public static final Setting<RouteVia> ROUTE_VIA = Setting.required(
            "via",
            RouteTypes.via(),
            "The next hops, tried in this order, by names that DNS has or by addresses; ports unless named: smtp 25, smtps"
                    + " 465, lmtp 24. mx: the MX hosts of the recipient's domain; mx:2525: theirs on that port.");
    public static final Setting<Boolean> ROUTE_SHUFFLE =
            Setting.of("shuffle", yesOrNo(), "no", "yes: the hosts of via are tried in random order.");
    public static final Setting<String> ROUTE_CREDENTIALS = Setting.optional(
            "credentials",
            Scalars.file(),
            "no login",
            "A file of two lines, user name and password, that others cannot read; used under TLS only, unless tls is"
                    + " none.");
    public static final Setting<RouteTls> ROUTE_TLS = Setting.of(
            "tls",
            words(RouteTls.values(), ""),
            "opportunistic",
            "opportunistic: TLS where it is offered; required: TLS or no delivery; verified: with a trusted certificate of"
                    + " that host; none: never.");
    public static final Setting<Boolean> ROUTE_CONVERT = Setting.of(
            "convert",
            yesOrNo(),
            "no",
            "yes: 8-bit and binary content is converted to 7bit for a next hop that does not take it, which breaks DKIM"
                    + " signatures; no: it fails with 5.6.3.");
    public static final Setting<String> ROUTE_HELO =
            Setting.optional("helo", Names.hostName(), "<hostname>", "By which name this relay greets the next hops.");
    public static final Setting<InetAddress> ROUTE_SOURCE = Setting.optional(
            "source",
            Names.address(),
            "the system's choice",
            "The address of this machine that connections come from; next hops of its family alone are tried.");

    public static final Setting<String> TLS_CERTIFICATE = Setting.of(
            "certificate",
            Scalars.file(),
            "tls/certificate.pem",
            "PEM: this host's certificate first, then the intermediate ones.");
    public static final Setting<String> TLS_KEY =
            Setting.of("key", Scalars.file(), "tls/key.pem", "PEM, PKCS#8, not encrypted; others cannot read it.");

    public static final Setting<ByteSize> MESSAGE_SIZE = Setting.of(
            "messageSize",
            Scalars.size(size("64K"), size("1G")),
            "40M",
            "The largest mail that is taken, by whatever protocol.");
    public static final Setting<Integer> RECIPIENTS = Setting.of(
            "recipients",
            Scalars.wholeNumber(1, 50_000),
            "1000",
            "The most recipients of one mail; senders count on 100 (RFC 5321 §4.5.3.1.8).");
    public static final Setting<Integer> CONNECTIONS =
            Setting.of("connections", Scalars.wholeNumber(1, 100_000), "1000", "The most connections of one listener.");
    public static final Setting<Integer> CONNECTIONS_PER_CLIENT = Setting.of(
            "connectionsPerClient",
            Scalars.wholeNumber(1, 100_000),
            "100",
            "The most connections of one listener from one client address.");
    public static final Setting<Duration> SMTP_IDLE = Setting.of(
            "smtpIdleTimeout",
            Scalars.duration("1s", "1h"),
            "5m",
            "How long SMTP, submission and LMTP wait for a client (RFC 5321 §4.5.3.2.7: 5 minutes).");
    public static final Setting<Duration> POP3_IDLE = Setting.of(
            "pop3IdleTimeout",
            Scalars.duration("1s", "1h"),
            "10m",
            "How long POP3 waits for a client (RFC 1939 §3: 10 minutes).");
    public static final Setting<Duration> IMAP_IDLE = Setting.of(
            "imapIdleTimeout",
            Scalars.duration("1s", "24h"),
            "30m",
            "How long IMAP and ManageSieve wait for a client (RFC 3501 §5.4: 30 minutes).");
    public static final Setting<Duration> DRAIN = Setting.of(
            "drainTimeout",
            Scalars.duration("0s", "5m"),
            "6s",
            "How long sessions in a transaction may go on after a stop; idle ones end at once. Chain and delivery get a"
                    + " quarter of it each.");
    public static final Setting<Integer> EXECUTOR_THREADS = Setting.of(
            "executorThreads",
            Scalars.wholeNumber(1, 512),
            "16",
            "Threads for the work of all listeners that may block.");

    public static final Setting<BareLineEndings> BARE_LINE_ENDINGS = Setting.of(
            "bareLineEndings",
            words(BareLineEndings.values(), ""),
            "refuse",
            "A CR or LF that stands alone in a mail: refuse answers 550 5.6.0, normalise takes it as CRLF.");

    public static final Setting<Integer> SPOOL_WORKERS = Setting.of(
            "workers", Scalars.wholeNumber(1, 256), "8", "How many mails run through the chain at the same time.");

    public static final Setting<ByteSize> SPOOL_QUOTA = Setting.of(
            "quota",
            Scalars.sizeOrNone(size("64M"), size("16384G")),
            "none",
            "What the mails in the spool may take together; beyond it new mail is refused (452 4.3.1).");
    public static final Setting<ByteSize> SPOOL_MINIMUM_FREE = Setting.of(
            "minimumFree",
            Scalars.size(size("16M"), size("1024G")),
            "64M",
            "What has to stay free on the spool's disk; where a mail would take of it, it is refused (452 4.3.1).");
    public static final Setting<Duration> SPOOL_RETENTION = Setting.of(
            "retention",
            Scalars.duration("0s", "365d"),
            "7d",
            "How long what relais queue remove took can be brought back by relais queue restore.");

    public static final Setting<StoreBackend> STORE_BACKEND = Setting.of(
            "backend",
            words(StoreBackend.values(), "sqlite and postgresql are not part of this version"),
            "memory",
            "memory: mailboxes are kept in memory and are gone after a restart; mail that is not delivered yet is not: it is in the spool.");

    public static final Setting<List<Duration>> RETRY_SCHEDULE = Setting.of(
            "retrySchedule",
            Scalars.durations("1s", "7d"),
            "5m 15m 30m 1h 2h 4h",
            "The waits between attempts; the last one repeats until the mail expires.");
    public static final Setting<Duration> EXPIRY = Setting.of(
            "expiry",
            Scalars.duration("1m", "30d"),
            "5d",
            "How long a deferred mail is kept before it is bounced (RFC 5321 §4.5.4.1: 4 to 5 days).");
    public static final Setting<String> BOUNCE_SENDER = Setting.of(
            "bounceSender",
            Names.mailAddress(),
            "postmaster",
            "The From field of a bounce; a local part alone belongs to <domain>. Its reverse-path is always <>.");

    public static final Setting<Integer> DELIVERY_CONCURRENCY = Setting.of(
            "concurrency",
            Scalars.wholeNumber(1, 1000),
            "20",
            "How many mails may be under way to one destination; what it can take is found out, up to that.");
    public static final Setting<Integer> DELIVERY_CONNECTIONS = Setting.of(
            "connections",
            Scalars.wholeNumber(1, 10_000),
            "200",
            "How many mails may be under way to other hosts in all.");
    public static final Setting<Duration> WARN_AFTER = Setting.of(
            "warnAfter",
            Scalars.duration("0s", "30d"),
            "4h",
            "When the sender of a deferred mail is told of the delay, once; 0s: never.");
    public static final Setting<BounceLanguage> BOUNCE_LANGUAGE = Setting.of(
            "bounceLanguage",
            words(BounceLanguage.values(), ""),
            "en",
            "In what the part of a notification that people read is written, if the mail does not say what its sender reads.");

    public static final Setting<String> RETRY_DOMAIN =
            Setting.of("domain", new DestinationType(), "*", "Which recipients' domains.");
    public static final Setting<DeliveryError> RETRY_ERROR = Setting.optional(
            "error",
            words(DeliveryError.values(), DeliveryError::word, ""),
            "any error",
            "Of which kind the last error was.");
    public static final Setting<Duration> RETRY_YOUNGER_THAN = Setting.optional(
            "youngerThan",
            Scalars.duration("1s", "30d"),
            "any age",
            "Holds while the mail is younger than that; then the next rule that is for it.");
    public static final Setting<List<Duration>> RETRY_WAITS = Setting.required(
            "schedule", Scalars.durations("1s", "7d"), "The waits between attempts; the last one repeats.");
    public static final Setting<Duration> RETRY_EXPIRY = Setting.optional(
            "expiry",
            Scalars.duration("1m", "30d"),
            "<expiry> of <delivery>",
            "How long such a mail is kept before it is bounced.");

    public static final Setting<String> RATE_TO =
            Setting.required("to", new DestinationType(), "Which destinations; each has a rate of its own.");
    public static final Setting<Integer> RATE_MAILS =
            Setting.required("mails", Scalars.wholeNumber(1, 10_000_000), "How many mails.");
    public static final Setting<Duration> RATE_PER =
            Setting.required("per", Scalars.duration("1s", "30d"), "Within any period of that length.");

    public static final Setting<InetAddress> ADMINISTRATION_ADDRESS =
            Setting.of("address", Names.address(), "127.0.0.1", "Where to listen; only loopback is allowed.");
    public static final Setting<Integer> ADMINISTRATION_PORT =
            Setting.of("port", Scalars.wholeNumber(0, 65535), "8000", "The port; 0 takes any free one, for tests.");

    public static final Setting<LogFormat> LOG_FORMAT =
            Setting.of("format", words(LogFormat.values(), ""), "text", "text for people, json for collectors.");
    public static final Setting<LogLevel> LOG_LEVEL =
            Setting.of("level", words(LogLevel.values(), ""), "info", "The least weight that is logged.");

    public static final Declaration.Items LISTENERS = new Declaration.Items(
            "listeners",
            "Where clients connect. Without the element: the standard ports on 127.0.0.1. Passwords are taken only"
                    + " under TLS, whatever the listener.",
            "listener",
            List.of(LISTENER_PROTOCOL, LISTENER_ADDRESS, LISTENER_PORT, LISTENER_TLS, LISTENER_PROXY_FROM),
            "the listeners below, on their standard ports",
            standardListeners(0),
            "<listener protocol=\"smtp\" address=\"0.0.0.0\" port=\"25\" tls=\"starttls\" proxyFrom=\"192.0.2.7\"/>",
            false,
            HOOK);
    public static final Declaration.Items DNS = new Declaration.Items(
            "dns",
            "The DNS servers to ask. Without one: the system's resolvers.",
            "server",
            List.of(DNS_SERVER),
            "the system's resolvers",
            List.of(),
            "<server>192.0.2.53:53</server>",
            true);
    public static final Declaration.Items RELAY_FROM = new Declaration.Items(
            "relayFrom",
            "Networks whose clients may relay to other domains without a login. Without one: nobody, not even"
                    + " this machine; local domains and users who log in are always served.",
            "network",
            List.of(RELAY_NETWORK),
            "no network",
            List.of(),
            "<network>10.1.0.0/16</network>",
            true);
    public static final Declaration.Items ROUTES = new Declaration.Items(
            "routes",
            "Where mail for other domains goes. Without a route: to the MX of each domain. In this version there may"
                    + " be one route, to a smart host, for all of them.",
            "route",
            List.of(
                    ROUTE_TO,
                    ROUTE_FROM,
                    ROUTE_VIA,
                    ROUTE_SHUFFLE,
                    ROUTE_CREDENTIALS,
                    ROUTE_TLS,
                    ROUTE_CONVERT,
                    ROUTE_HELO,
                    ROUTE_SOURCE),
            "MX",
            List.of(),
            "<route to=\"*\" via=\"smtp://smart.example.net:587\" tls=\"required\"/>",
            true);
    public static final Declaration.Section TLS = new Declaration.Section(
            "tls",
            "The certificate of all listeners. relais init makes a self-signed one; relais tls reload takes new files"
                    + " while sessions go on.",
            List.of(TLS_CERTIFICATE, TLS_KEY));
    public static final Declaration.Section LIMITS = new Declaration.Section(
            "limits",
            "The bounds of every session.",
            List.of(
                    MESSAGE_SIZE,
                    RECIPIENTS,
                    CONNECTIONS,
                    CONNECTIONS_PER_CLIENT,
                    SMTP_IDLE,
                    POP3_IDLE,
                    IMAP_IDLE,
                    DRAIN,
                    EXECUTOR_THREADS));
    public static final Declaration.Section SUBMISSION =
            new Declaration.Section("submission", "How mail of our own users is taken.", List.of(BARE_LINE_ENDINGS));
    public static final Declaration.Section SPOOL = new Declaration.Section(
            "spool",
            "What stands between a mail's acceptance and its delivery.",
            List.of(SPOOL_WORKERS, SPOOL_QUOTA, SPOOL_MINIMUM_FREE, SPOOL_RETENTION));
    public static final Declaration.Section STORE =
            new Declaration.Section("store", "Where mailboxes and the queue are kept.", List.of(STORE_BACKEND));
    public static final Declaration.Section DELIVERY = new Declaration.Section(
            "delivery",
            "How mail is handed to other hosts.",
            List.of(
                    RETRY_SCHEDULE,
                    EXPIRY,
                    WARN_AFTER,
                    DELIVERY_CONNECTIONS,
                    DELIVERY_CONCURRENCY,
                    BOUNCE_SENDER,
                    BOUNCE_LANGUAGE));
    public static final Declaration.Items RETRIES = new Declaration.Items(
            "retries",
            "When some deferred mails are tried again: the first rule that is for a mail's domain, last error and age"
                    + " holds. For all others docs/delivery.md shows the table.",
            "retry",
            List.of(RETRY_DOMAIN, RETRY_ERROR, RETRY_YOUNGER_THAN, RETRY_WAITS, RETRY_EXPIRY),
            "the built-in table, and retrySchedule",
            List.of(),
            "<retry domain=\"example.org\" error=\"greylisted\" schedule=\"2m 5m\" expiry=\"2d\"/>",
            true);
    public static final Declaration.Items RATES = new Declaration.Items(
            "rates",
            "How many mails some destinations get at most; the first rule that names a destination holds.",
            "rate",
            List.of(RATE_TO, RATE_MAILS, RATE_PER),
            "no rate",
            List.of(),
            "<rate to=\"example.org\" mails=\"100\" per=\"1h\"/>",
            true);
    public static final Declaration.Section ADMINISTRATION = new Declaration.Section(
            "administration",
            "What the command line talks to, and metrics; every request needs the home's token.",
            List.of(ADMINISTRATION_ADDRESS, ADMINISTRATION_PORT));
    public static final Declaration.Section LOG =
            new Declaration.Section("log", "How the log is written.", List.of(LOG_FORMAT, LOG_LEVEL));

    /** Every element, in the order in which they are written. */
    public static final List<Declaration> DECLARATIONS = List.of(
            new Declaration.Value(HOSTNAME),
            new Declaration.Value(DOMAIN),
            LISTENERS,
            DNS,
            RELAY_FROM,
            ROUTES,
            TLS,
            LIMITS,
            SUBMISSION,
            SPOOL,
            STORE,
            DELIVERY,
            RETRIES,
            RATES,
            ADMINISTRATION,
            LOG);

    /** Elements that a later version has, and what to say of them now. */
    public static final List<String> NOT_YET = List.of("popBeforeSmtp", "devices", "authentication", "admission");

    private RelaisSchema() {}

    /** The listeners of a home, each with all that is not its default. */
    public static List<Map<Setting<?>, String>> standardListeners(int portOffset) {
        List<Map<Setting<?>, String>> listeners = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            listeners.add(listener(protocol, protocol.standardTls(), portOffset));
            if (protocol.standardPort(TlsMode.IMPLICIT) != protocol.standardPort(TlsMode.STARTTLS)) {
                listeners.add(listener(protocol, TlsMode.IMPLICIT, portOffset));
            }
        }
        return listeners;
    }

    private static Map<Setting<?>, String> listener(Protocol protocol, TlsMode tls, int portOffset) {
        Map<Setting<?>, String> listener = new LinkedHashMap<>();
        listener.put(LISTENER_PROTOCOL, protocol.word());
        listener.put(LISTENER_ADDRESS, "127.0.0.1");
        listener.put(LISTENER_PORT, Integer.toString(protocol.standardPort(tls) + portOffset));
        listener.put(LISTENER_TLS, tls.word());
        return listener;
    }

    private static ValueType<Boolean> yesOrNo() {
        LinkedHashMap<String, Boolean> words = new LinkedHashMap<>();
        words.put("yes", true);
        words.put("no", false);
        return Scalars.choice(words, "");
    }

    private static <E extends Enum<E>> ValueType<E> words(E[] values, String note) {
        return words(values, value -> value.name().toLowerCase(Locale.ROOT), note);
    }

    private static <E extends Enum<E>> ValueType<E> words(E[] values, Function<E, String> word, String note) {
        LinkedHashMap<String, E> words = new LinkedHashMap<>();
        for (E value : values) {
            words.put(word.apply(value), value);
        }
        return Scalars.choice(words, note);
    }

    private static ByteSize size(String text) {
        return ByteSize.parse(text).orElseThrow();
    }
}
