package org.relais.crash;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mails of one run, by number: the same seed makes the same mails again, so that none needs to be kept. Most are a few
 * KiB, one in twenty up to 3 MiB; most have one forward-path, some up to six. Immutable.
 */
final class CrashMails {
    static final String FIELD = "X-Crash-Id";
    static final int MOST_RECIPIENTS = 6;
    /** What all reverse-paths end in. */
    static final String SENDERS = "client.test";
    /** Of the forward-paths. */
    static final int DOMAINS = 3;

    private static final int LARGEST = 3 << 20;
    private static final int POOL = LARGEST + (3 << 20);
    private static final Pattern ID = Pattern.compile("(?m)^" + FIELD + ": ([0-9a-f]+)-(\\d+)\r?$");
    private static final Pattern FORWARD_PATH = Pattern.compile("m(\\d+)\\.r(\\d)@d\\d\\.remote\\.test");

    /** How a mail is handed to the server. */
    enum Framing {
        DATA,
        PIPELINED_DATA,
        BDAT
    }

    /**
     * What a number stands for.
     *
     * @param size octets of its body, about
     */
    record Plan(int id, int size, int recipients, Framing framing) {}

    /** Whose copy a forward-path asks for. */
    record Copy(int id, int recipient) {}

    private final long seed;
    private final byte[] pool;
    private final int[] lineStarts;

    CrashMails(long seed) {
        this.seed = seed;
        pool = lines(new SplittableRandom(seed));
        lineStarts = starts(pool);
    }

    Plan plan(int id) {
        SplittableRandom random = random(id);
        int kind = random.nextInt(100);
        int size = kind < 70
                ? random.nextInt(1 << 10, 16 << 10)
                : kind < 95 ? random.nextInt(16 << 10, 256 << 10) : random.nextInt(256 << 10, LARGEST);
        int recipients = random.nextInt(5) > 0 ? 1 : random.nextInt(2, MOST_RECIPIENTS + 1);
        return new Plan(id, size, recipients, Framing.values()[random.nextInt(Framing.values().length)]);
    }

    /** What is sent for a number, and what must come out below the trace fields. */
    byte[] content(int id) {
        SplittableRandom random = random(id);
        int size = plan(id).size();
        byte[] head = (FIELD + ": " + Long.toHexString(seed) + "-" + id + "\r\nFrom: " + reversePath(id) + "\r\nTo: "
                        + forwardPath(id, 0) + "\r\nSubject: mail " + id
                        + "\r\nDate: Mon, 23 Nov 2026 08:00:00 +0000\r\nMessage-Id: <" + id + "@client.test>\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        int from = lineStarts[random.nextInt(firstBehind(POOL - LARGEST))];
        int to = lineStarts[firstBehind(from + size)];
        byte[] content = Arrays.copyOf(head, head.length + to - from);
        System.arraycopy(pool, from, content, head.length, to - from);
        return content;
    }

    private int firstBehind(int octet) {
        int at = Arrays.binarySearch(lineStarts, octet);
        return Math.min(at < 0 ? -at - 1 : at, lineStarts.length - 1);
    }

    /** The number of a content of this run; empty for any other. */
    Optional<Integer> idOf(byte[] content) {
        String head = new String(content, 0, Math.min(content.length, 8192), StandardCharsets.ISO_8859_1);
        Matcher matcher = ID.matcher(head);
        return matcher.find() && matcher.group(1).equals(Long.toHexString(seed))
                ? Optional.of(Integer.valueOf(matcher.group(2)))
                : Optional.empty();
    }

    static String reversePath(int id) {
        return "s" + id + "@" + SENDERS;
    }

    /** Two by two for the same domain, so that one transaction carries several. */
    static String forwardPath(int id, int recipient) {
        return "m" + id + ".r" + recipient + "@" + domain((id + recipient / 2) % DOMAINS);
    }

    static String domain(int number) {
        return "d" + number + ".remote.test";
    }

    static Optional<Copy> copyOf(String forwardPath) {
        Matcher matcher = FORWARD_PATH.matcher(forwardPath);
        return matcher.matches()
                ? Optional.of(new Copy(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    private SplittableRandom random(int id) {
        return new SplittableRandom(seed * 31 + id);
    }

    /** Lines of all lengths up to 998 octets; some begin with dots, some are a dot, some end in blanks. */
    private static byte[] lines(SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(POOL + 1024);
        while (out.size() < POOL) {
            int kind = random.nextInt(40);
            if (kind < 3) {
                out.writeBytes(".".repeat(kind + 1).getBytes(StandardCharsets.US_ASCII));
            }
            int length = kind == 39 ? 995 : kind == 38 || kind == 0 ? 0 : random.nextInt(160);
            for (int i = 0; i < length; i++) {
                out.write(random.nextInt(' ', 0x7f));
            }
            out.write('\r');
            out.write('\n');
        }
        return out.toByteArray();
    }

    private static int[] starts(byte[] pool) {
        int[] starts = new int[pool.length / 2];
        int count = 0;
        for (int i = 0; i < pool.length; i++) {
            if (i == 0 || pool[i - 1] == '\n') {
                starts[count++] = i;
            }
        }
        return Arrays.copyOf(starts, count);
    }
}
