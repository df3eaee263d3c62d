package org.relais.access.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory stays bounded whatever the size of the mails. */
class LargeMailTest {
    private static final int MARGIN = 64 << 20;
    private static final int LINE = 1 << 16;
    /** Of {@link #LINE} octets each. */
    private static final int LINES = 1600;

    private static final int DEADLINE_MILLIS = 120_000;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void takesSeveralMailsOfAHundredMebibytesAtOnceWithLittleHeap(@TempDir Path idle, @TempDir Path directory)
            throws Exception {
        long base;
        try (Server server = new Server(idle, 512 << 20)) {
            base = server.heapInUse;
        }
        List<String> sent = new ArrayList<>();
        List<String> kept;
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try (Server server = new Server(directory, base + MARGIN)) {
            List<Callable<String>> mails = new ArrayList<>();
            for (int mail = 0; mail < 4; mail++) {
                int seed = mail;
                mails.add(() -> send(server.port, seed, seed % 2 == 0));
            }

            for (Future<String> digest : clients.invokeAll(mails)) {
                sent.add(digest.get());
            }
            kept = server.digests();
        } finally {
            clients.shutdownNow();
        }

        assertThat(kept).containsExactlyInAnyOrderElementsOf(sent);
    }

    /** @return the digest of its content */
    private static String send(int port, int seed, boolean chunked) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(DEADLINE_MILLIS);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            out.write("HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\n".getBytes(StandardCharsets.US_ASCII));
            expect(in, "220", "250", "250", "250");
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] header = "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            byte[] line = line(seed);
            if (chunked) {
                out.write(("BDAT " + header.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
                digest.update(header);
                out.write(header);
                out.write(("BDAT " + (long) LINES * LINE + " LAST\r\n").getBytes(StandardCharsets.US_ASCII));
                expect(in, "250");
            } else {
                out.write("DATA\r\n".getBytes(StandardCharsets.US_ASCII));
                expect(in, "354");
                digest.update(header);
                out.write(header);
            }
            for (int i = 0; i < LINES; i++) {
                digest.update(line);
                out.write(line);
            }
            if (!chunked) {
                out.write(".\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            expect(in, "250");
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    private static byte[] line(int seed) {
        byte[] line = new byte[LINE];
        new Random(seed).nextBytes(line);
        for (int i = 0; i < LINE; i++) {
            line[i] = line[i] == '\r' || line[i] == '\n' || line[i] == '.' ? (byte) 'x' : line[i];
        }
        line[LINE - 2] = '\r';
        line[LINE - 1] = '\n';
        return line;
    }

    private static void expect(BufferedReader in, String... codes) throws IOException {
        for (String code : codes) {
            assertThat(in.readLine()).startsWith(code + " ");
        }
    }

    /** A child process. */
    private static final class Server implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;
        private final long heapInUse;
        private final int port;

        Server(Path directory, long heap) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + heap,
                            "-XX:MaxDirectMemorySize=" + MARGIN,
                            "-XX:+ExitOnOutOfMemoryError",
                            "-cp",
                            System.getProperty("java.class.path"),
                            LargeMailServer.class.getName(),
                            directory.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
            String[] said = firstNumbers().split(" ");
            heapInUse = Long.parseLong(said[0]);
            port = Integer.parseInt(said[1]);
        }

        /** Behind what the log may say. */
        private String firstNumbers() throws IOException {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.matches("\\d+ \\d+")) {
                    return line;
                }
            }
            throw new IOException("the server ended before it was ready");
        }

        List<String> digests() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            return output.lines().filter(line -> line.matches("[0-9a-f]{64}")).toList();
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly();
            assertThat(process.waitFor(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        }
    }
}
