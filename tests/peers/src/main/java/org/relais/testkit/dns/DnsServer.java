package org.relais.testkit.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.LoopbackServer;
import org.relais.testkit.wire.Wire;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * A DNS server on one free port of 127.0.0.1, over UDP and TCP, with zones that the test writes. What is in no zone does
 * not exist. It can be late, silent, failing or truncating for chosen names, and counts what it is asked. Two threads and
 * at most 16 TCP connections; every method may be called from any thread.
 *
 * <pre>{@code
 * dns.zone("example.org").mx(10, "mx1").a("mx1", "127.0.0.1").txt("v=spf1 -all");
 * }</pre>
 */
public final class DnsServer implements AutoCloseable {
    private static final Duration TCP_IDLE = Duration.ofSeconds(30);
    private static final int MAX_QUERIES = 100_000;
    private static final int BIND_ATTEMPTS = 20;

    private final Map<String, DnsZone> zones = new ConcurrentHashMap<>();
    private final Map<String, DnsFault> faults = new ConcurrentHashMap<>();
    private final List<DnsQuery> queries = new ArrayList<>();
    private final DatagramSocket udp;
    private final LoopbackServer tcp;
    private final Thread receiver;
    private final ScheduledExecutorService late;

    private DnsServer(DatagramSocket udp) throws IOException {
        this.udp = udp;
        this.tcp = new LoopbackServer(
                "dns-tcp", new InetSocketAddress("127.0.0.1", udp.getLocalPort()), 16, (wire, number) -> serve(wire));
        this.late = Executors.newSingleThreadScheduledExecutor(run -> daemon(run, "dns-late"));
        this.receiver = daemon(this::receiveAll, "dns-udp");
        receiver.start();
    }

    private static Thread daemon(Runnable run, String name) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        return thread;
    }

    public static DnsServer start() {
        try {
            for (int attempt = 1; ; attempt++) {
                DatagramSocket udp = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                try {
                    return new DnsServer(udp);
                } catch (BindException e) { // the same port is taken for TCP
                    udp.close();
                    if (attempt == BIND_ATTEMPTS) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no DNS server", e);
        }
    }

    public int port() {
        return udp.getLocalPort();
    }

    /** Host and port as {@code <dns><server>} takes them. */
    public String hostAndPort() {
        return "127.0.0.1:" + port();
    }

    /** The zone of that name, made when it is named first. */
    public DnsZone zone(String origin) {
        return zones.computeIfAbsent(key(origin), DnsZone::new);
    }

    /** Never answers questions for this name. */
    public DnsServer drops(String name) {
        return fault(name, new DnsFault.Drops());
    }

    public DnsServer delays(String name, Duration latency) {
        return fault(name, new DnsFault.Delays(latency));
    }

    public DnsServer servfail(String name) {
        return fault(name, DnsFault.Refuses.servfail());
    }

    /** Fails for one type alone. */
    public DnsServer servfail(String name, String type) {
        faults.put(key(name) + type, DnsFault.Refuses.servfail());
        return this;
    }

    public DnsServer nxdomain(String name) {
        return fault(name, new DnsFault.Refuses(Rcode.NXDOMAIN));
    }

    public DnsServer truncatesUdp(String name) {
        return fault(name, new DnsFault.TruncatesUdp());
    }

    /** Takes its faults away again. */
    public DnsServer heals(String name) {
        faults.keySet().removeIf(faulty -> faulty.startsWith(key(name)));
        return this;
    }

    private DnsServer fault(String name, DnsFault fault) {
        faults.put(key(name), fault);
        return this;
    }

    /** Every question so far, in order; the first 100,000. */
    public List<DnsQuery> queries() {
        synchronized (queries) {
            return List.copyOf(queries);
        }
    }

    /** How often a name was asked for a type, over UDP and TCP. */
    public long count(String name, String type) {
        return queries().stream()
                .filter(q -> q.name().equals(key(name)) && q.type().equals(type))
                .count();
    }

    private static String key(String name) {
        String absolute = name.endsWith(".") ? name : name + ".";
        return absolute.toLowerCase(Locale.ROOT);
    }

    private void receiveAll() {
        byte[] buffer = new byte[65_535];
        while (!udp.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(packet);
                byte[] octets = new byte[packet.getLength()];
                System.arraycopy(packet.getData(), packet.getOffset(), octets, 0, octets.length);
                Message query = new Message(octets);
                if (query.getQuestion() == null) {
                    continue;
                }
                Duration latency = latency(query);
                InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
                if (latency.isZero()) {
                    send(query, client);
                } else {
                    schedule(() -> send(query, client), latency);
                }
            } catch (IOException e) {
                // A packet that is no DNS message gets no answer; a closed socket ends the loop.
            }
        }
    }

    private void schedule(Runnable answer, Duration latency) {
        try {
            late.schedule(answer, latency.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The server is being closed: a late answer has nobody to wait for it.
        }
    }

    private void send(Message query, InetSocketAddress client) {
        answer(query, false).ifPresent(response -> {
            byte[] octets = response.toWire(DnsAnswers.udpSize(query));
            try {
                udp.send(new DatagramPacket(octets, octets.length, client));
            } catch (IOException e) {
                // The client or this server has gone; DNS over UDP promises nothing.
            }
        });
    }

    private void serve(Wire wire) throws IOException {
        while (true) {
            int high = wire.read(Deadline.in(TCP_IDLE), "a DNS message");
            if (high < 0) {
                return;
            }
            int low = wire.read(Deadline.in(TCP_IDLE), "a DNS message");
            Message query = new Message(wire.readOctets(high << 8 | low, Deadline.in(TCP_IDLE)));
            Duration latency = latency(query);
            if (!latency.isZero()) {
                tcp.pause(latency);
            }
            Optional<Message> response = answer(query, true);
            if (response.isEmpty()) {
                continue;
            }
            byte[] octets = response.get().toWire(65_535);
            byte[] framed = new byte[octets.length + 2];
            framed[0] = (byte) (octets.length >> 8);
            framed[1] = (byte) octets.length;
            System.arraycopy(octets, 0, framed, 2, octets.length);
            wire.write(framed);
        }
    }

    private Duration latency(Message query) {
        return fault(query) instanceof DnsFault.Delays delay ? delay.latency() : Duration.ZERO;
    }

    private @Nullable DnsFault fault(Message query) {
        Record question = query.getQuestion();
        String name = key(question.getName().toString());
        DnsFault ofType = faults.get(name + Type.string(question.getType()));
        return ofType == null ? faults.get(name) : ofType;
    }

    private Optional<Message> answer(Message query, boolean overTcp) {
        Record question = query.getQuestion();
        synchronized (queries) {
            if (queries.size() < MAX_QUERIES) {
                queries.add(new DnsQuery(key(question.getName().toString()), Type.string(question.getType()), overTcp));
            }
        }
        DnsFault fault = fault(query);
        if (fault instanceof DnsFault.Drops) {
            return Optional.empty();
        }
        if (fault instanceof DnsFault.Refuses refuses) {
            return Optional.of(DnsAnswers.failure(query, refuses.rcode()));
        }
        if (fault instanceof DnsFault.TruncatesUdp && !overTcp) {
            return Optional.of(DnsAnswers.truncated(query));
        }
        if (question.getDClass() != DClass.IN) {
            return Optional.of(DnsAnswers.failure(query, Rcode.REFUSED));
        }
        return Optional.of(DnsAnswers.answer(query, zones.values()));
    }

    @Override
    public void close() {
        udp.close();
        late.shutdownNow();
        try {
            tcp.close();
            receiver.join(TCP_IDLE.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
