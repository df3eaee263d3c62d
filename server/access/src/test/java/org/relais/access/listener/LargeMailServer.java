package org.relais.access.listener;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.relais.access.smtp.Role;
import org.relais.access.transport.Certificate;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.TlsMode;
import org.relais.spool.BrowseFilter;
import org.relais.spool.MessageContent;
import org.relais.spool.Page;
import org.relais.spool.Spool;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.LogSpool;

/**
 * The process that {@link LargeMailTest} starts with little heap: an SMTP listener in front of a spool on disk. Prints
 * the heap in use and its port; when it reads a line, a digest of each mail without its trace field, and ends.
 */
final class LargeMailServer {
    private LargeMailServer() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        ExecutorService io = Executors.newFixedThreadPool(4);
        Spool spool = LogSpool.open(SpoolSettings.in(directory.resolve("spool")), Clock.systemUTC(), io);
        try (Receiving receiving = new Receiving(Certificate.write(directory, "mx.example.org"), spool)) {
            receiving.limits(new ListenerOptions.ListenerLimits(50, 50, Duration.ofMinutes(5), 200L << 20));
            int port = receiving.port(Role.SMTP, TlsMode.NONE).getPort();
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            System.out.println(used + " " + port);
            new Scanner(System.in).nextLine();
            for (Page.Entry entry :
                    spool.browse(BrowseFilter.ALL, Optional.empty(), 100).entries()) {
                Page.Entry.Item item = (Page.Entry.Item) entry;
                System.out.println(digest(spool.content(item.envelope().message())));
            }
        }
        io.shutdown();
    }

    private static String digest(MessageContent content) {
        try (InputStream in = content.open()) {
            skipTraceField(in);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Four lines. */
    private static void skipTraceField(InputStream in) throws IOException {
        for (int lines = 0; lines < 4; ) {
            lines += in.read() == '\n' ? 1 : 0;
        }
    }
}
