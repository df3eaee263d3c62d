package org.relais.smtpclient.netty;

import com.sun.management.OperatingSystemMXBean;
import io.netty.channel.nio.NioEventLoopGroup;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.relais.smtpclient.OutgoingContent;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.DotContent;
import org.relais.testkit.wire.LoopbackServer;
import org.relais.testkit.wire.Wire;

/** Mails of 8 KiB over 5 connections to a sink in the same JVM: what the client's event loop costs for each. */
final class ThroughputMain {
    private static final int MAILS = 40_000;

    private ThroughputMain() {}

    public static void main(String[] arguments) throws Exception {
        boolean isChunked = arguments.length > 0 && arguments[0].equals("bdat");
        NioEventLoopGroup group = new NioEventLoopGroup(1);
        try (LoopbackServer sink = new LoopbackServer(
                        "sink", new InetSocketAddress("127.0.0.1", 0), 64, (wire, n) -> serve(wire, isChunked));
                NettySmtpClient client = new NettySmtpClient(
                        RemoteTest.settings(Duration.ofSeconds(20)),
                        group,
                        Runnable::run,
                        System::nanoTime,
                        new PeerTrust(null))) {
            for (int round = 0; round < 5; round++) {
                run(client, group, sink.address().getPort());
            }
        } finally {
            group.shutdownGracefully();
        }
    }

    private static void run(NettySmtpClient client, NioEventLoopGroup group, int port) throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        var process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long loop = group.submit(() -> Thread.currentThread().getId()).get();
        long cpu = threads.getThreadCpuTime(loop);
        long all = process.getProcessCpuTime();
        long start = System.nanoTime();
        CountDownLatch done = new CountDownLatch(MAILS);
        AtomicInteger left = new AtomicInteger(MAILS);
        for (int i = 0; i < 5; i++) {
            next(client, port, left, done);
        }
        if (!done.await(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException(done.getCount() + " mails were not sent");
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%.0f mails/s, %.4f ms CPU of the client's loop per mail (process with sink %.4f)%n",
                MAILS / seconds,
                (threads.getThreadCpuTime(loop) - cpu) / 1e6 / MAILS,
                (process.getProcessCpuTime() - all) / 1e6 / MAILS);
    }

    private static final OutgoingContent CONTENT =
            RemoteTest.content("x".repeat(76).concat("\r\n").repeat(105), OutgoingContent.Kind.SEVEN_BIT);

    private static void next(NettySmtpClient client, int port, AtomicInteger left, CountDownLatch done) {
        if (left.decrementAndGet() < 0) {
            return;
        }
        client.send(RemoteTest.at(port, Protocol.SMTP, TlsPolicy.OPPORTUNISTIC, null), RemoteTest.mail(CONTENT))
                .thenAccept(result -> {
                    done.countDown();
                    next(client, port, left, done);
                });
    }

    private static void serve(Wire wire, boolean isChunked) throws java.io.IOException {
        say(wire, "220 x\r\n");
        while (true) {
            String line =
                    wire.readLine(2048, Deadline.in(Duration.ofMinutes(1))).orElse("QUIT");
            if (line.startsWith("EHLO")) {
                say(wire, "250-x\r\n250-PIPELINING\r\n" + (isChunked ? "250-CHUNKING\r\n" : "") + "250 SIZE\r\n");
            } else if (line.startsWith("DATA")) {
                say(wire, "250 ok\r\n250 ok\r\n354 go\r\n");
                new DotContent(wire, 0).read(java.util.OptionalInt.empty(), Deadline.in(Duration.ofMinutes(1)));
                say(wire, "250 ok\r\n");
            } else if (line.startsWith("BDAT")) {
                wire.readOctets(Integer.parseInt(line.split(" ", -1)[1]), Deadline.in(Duration.ofMinutes(1)));
                say(wire, "250 ok\r\n250 ok\r\n250 ok\r\n");
            } else if (line.startsWith("QUIT")) {
                return;
            }
        }
    }

    private static void say(Wire wire, String text) throws java.io.IOException {
        wire.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
