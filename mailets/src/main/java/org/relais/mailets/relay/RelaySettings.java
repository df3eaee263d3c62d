package org.relais.mailets.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How mail is relayed where the chain does not say otherwise.
 *
 * @param smartHosts tried in this order; empty: the recipient's domain is asked for its MX hosts
 * @param credentials for the smart hosts; they are sent under TLS only, unless {@code tls} is {@code NONE}
 * @param threads mails under way at the same time
 * @param heloName our name in EHLO
 * @param bounceProcessor the processor that makes a bounce of a mail that failed
 * @param port of MX hosts, 25
 * @param connectTimeout for a TCP connection
 * @param replyTimeout for each reply
 * @param drain how long a stop waits for attempts that are under way
 */
public record RelaySettings(
        List<SmartHost> smartHosts,
        Optional<Credentials> credentials,
        TlsPolicy tls,
        RelaySchedule schedule,
        int threads,
        String heloName,
        String bounceProcessor,
        int port,
        Duration connectTimeout,
        Duration replyTimeout,
        Duration drain) {
    public static final int SMTP_PORT = 25;

    public RelaySettings {
        smartHosts = List.copyOf(smartHosts);
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, was " + threads);
        }
    }

    /** To the MX hosts, with TLS where it is offered, on 20 threads. */
    public static RelaySettings standard(String heloName) {
        return new RelaySettings(
                List.of(),
                Optional.empty(),
                TlsPolicy.OPPORTUNISTIC,
                RelaySchedule.STANDARD,
                20,
                heloName,
                "bounces",
                SMTP_PORT,
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                Duration.ofSeconds(8));
    }

    public RelaySettings withSmartHosts(List<SmartHost> hosts) {
        return edited(draft -> draft.smartHosts = hosts);
    }

    public RelaySettings withCredentials(Optional<Credentials> given) {
        return edited(draft -> draft.credentials = given);
    }

    public RelaySettings withTls(TlsPolicy policy) {
        return edited(draft -> draft.tls = policy);
    }

    public RelaySettings withSchedule(RelaySchedule other) {
        return edited(draft -> draft.schedule = other);
    }

    public RelaySettings withThreads(int count) {
        return edited(draft -> draft.threads = count);
    }

    public RelaySettings withHeloName(String name) {
        return edited(draft -> draft.heloName = name);
    }

    public RelaySettings withBounceProcessor(String processor) {
        return edited(draft -> draft.bounceProcessor = processor);
    }

    /** For MX hosts on another port than 25: in tests. */
    public RelaySettings withPort(int other) {
        return edited(draft -> draft.port = other);
    }

    public RelaySettings withTimeouts(Duration connect, Duration reply) {
        return edited(draft -> {
            draft.connectTimeout = connect;
            draft.replyTimeout = reply;
        });
    }

    public RelaySettings withDrain(Duration other) {
        return edited(draft -> draft.drain = other);
    }

    private RelaySettings edited(Consumer<Draft> edit) {
        Draft draft = new Draft(this);
        edit.accept(draft);
        return draft.settings();
    }

    /** The same components, open for a change. */
    private static final class Draft {
        private List<SmartHost> smartHosts;
        private Optional<Credentials> credentials;
        private TlsPolicy tls;
        private RelaySchedule schedule;
        private int threads;
        private String heloName;
        private String bounceProcessor;
        private int port;
        private Duration connectTimeout;
        private Duration replyTimeout;
        private Duration drain;

        Draft(RelaySettings from) {
            smartHosts = from.smartHosts;
            credentials = from.credentials;
            tls = from.tls;
            schedule = from.schedule;
            threads = from.threads;
            heloName = from.heloName;
            bounceProcessor = from.bounceProcessor;
            port = from.port;
            connectTimeout = from.connectTimeout;
            replyTimeout = from.replyTimeout;
            drain = from.drain;
        }

        RelaySettings settings() {
            return new RelaySettings(
                    smartHosts,
                    credentials,
                    tls,
                    schedule,
                    threads,
                    heloName,
                    bounceProcessor,
                    port,
                    connectTimeout,
                    replyTimeout,
                    drain);
        }
    }
}
