package org.relais.testkit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** The ports of one home: every standard port moved by the same offset. */
public record RelaisPorts(int offset) {
    private static final int[] STANDARD = {25, 587, 465, 110, 995, 143, 993, 24, 4190, 8000};
    // From here on the system hands out ports to clients, which would then be in use now and then.
    private static final int EPHEMERAL = 32_768;
    private static final int LOWEST = 10_000;
    private static final int ATTEMPTS = 1_000;

    /** An offset at which every port was free a moment ago. */
    static RelaisPorts free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int offset = ThreadLocalRandom.current().nextInt(LOWEST, EPHEMERAL - 8000);
            if (IntStream.of(STANDARD).allMatch(port -> isFree(port + offset))) {
                return new RelaisPorts(offset);
            }
        }
        throw new IllegalStateException("no free range of ports in " + ATTEMPTS + " attempts");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    public int smtp() {
        return 25 + offset;
    }

    /** Submission with STARTTLS. */
    public int submission() {
        return 587 + offset;
    }

    /** Submission under implicit TLS. */
    public int submissions() {
        return 465 + offset;
    }

    public int pop3() {
        return 110 + offset;
    }

    public int pop3s() {
        return 995 + offset;
    }

    public int imap() {
        return 143 + offset;
    }

    public int imaps() {
        return 993 + offset;
    }

    public int lmtp() {
        return 24 + offset;
    }

    public int manageSieve() {
        return 4190 + offset;
    }

    public int administration() {
        return 8000 + offset;
    }
}
