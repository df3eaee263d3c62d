package org.relais.mailets.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
        return new RelaySettings(
                hosts,
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

    public RelaySettings withCredentials(Optional<Credentials> given) {
        return new RelaySettings(
                smartHosts,
                given,
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

    public RelaySettings withTls(TlsPolicy policy) {
        return new RelaySettings(
                smartHosts,
                credentials,
                policy,
                schedule,
                threads,
                heloName,
                bounceProcessor,
                port,
                connectTimeout,
                replyTimeout,
                drain);
    }

    public RelaySettings withSchedule(RelaySchedule other) {
        return new RelaySettings(
                smartHosts,
                credentials,
                tls,
                other,
                threads,
                heloName,
                bounceProcessor,
                port,
                connectTimeout,
                replyTimeout,
                drain);
    }

    public RelaySettings withThreads(int count) {
        return new RelaySettings(
                smartHosts,
                credentials,
                tls,
                schedule,
                count,
                heloName,
                bounceProcessor,
                port,
                connectTimeout,
                replyTimeout,
                drain);
    }

    public RelaySettings withHeloName(String name) {
        return new RelaySettings(
                smartHosts,
                credentials,
                tls,
                schedule,
                threads,
                name,
                bounceProcessor,
                port,
                connectTimeout,
                replyTimeout,
                drain);
    }

    public RelaySettings withBounceProcessor(String processor) {
        return new RelaySettings(
                smartHosts,
                credentials,
                tls,
                schedule,
                threads,
                heloName,
                processor,
                port,
                connectTimeout,
                replyTimeout,
                drain);
    }

    /** For MX hosts on another port than 25: in tests. */
    public RelaySettings withPort(int other) {
        return new RelaySettings(
                smartHosts,
                credentials,
                tls,
                schedule,
                threads,
                heloName,
                bounceProcessor,
                other,
                connectTimeout,
                replyTimeout,
                drain);
    }

    public RelaySettings withTimeouts(Duration connect, Duration reply) {
        return new RelaySettings(
                smartHosts,
                credentials,
                tls,
                schedule,
                threads,
                heloName,
                bounceProcessor,
                port,
                connect,
                reply,
                drain);
    }

    public RelaySettings withDrain(Duration other) {
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
                other);
    }
}
