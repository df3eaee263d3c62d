package org.relais.crash;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.DotContent;
import org.relais.testkit.wire.Wire;

/**
 * One SMTP connection of the load. It tells the ledger of a reply only when all of it was read; an {@link IOException}
 * leaves the mail in hand unknown. For one thread.
 */
final class LoadClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CHUNK = 64 << 10;
    private static final int LONGEST_LINE = 4096;

    private final Ledger ledger;
    private final Random random;
    private final Wire wire;
    private final boolean hasChunking;

    private LoadClient(Ledger ledger, Random random, Wire wire) throws IOException {
        this.ledger = ledger;
        this.random = random;
        this.wire = wire;
        expect("220");
        send("EHLO load.test");
        hasChunking = expect("250").stream()
                .anyMatch(line -> line.substring(3).toUpperCase(Locale.ROOT).contains("CHUNKING"));
    }

    static LoadClient connect(int port, Ledger ledger, Random random) throws IOException {
        Wire wire = Wire.connect(new InetSocketAddress("127.0.0.1", port));
        try {
            return new LoadClient(ledger, random, wire);
        } catch (IOException e) {
            wire.close();
            throw e;
        }
    }

    /** Sends one mail in its framing; DATA where the server has no CHUNKING. Tells whether it was accepted. */
    boolean submit(CrashMails.Plan plan) throws IOException {
        boolean isChunked = hasChunking && plan.framing() == CrashMails.Framing.BDAT;
        boolean isPipelined = plan.framing() != CrashMails.Framing.DATA;
        CrashMails.Plan sent = isChunked || plan.framing() != CrashMails.Framing.BDAT
                ? plan
                : new CrashMails.Plan(plan.id(), plan.size(), plan.recipients(), CrashMails.Framing.PIPELINED_DATA);
        List<String> commands = new ArrayList<>();
        commands.add("MAIL FROM:<" + CrashMails.reversePath(plan.id()) + ">");
        for (int recipient = 0; recipient < plan.recipients(); recipient++) {
            commands.add("RCPT TO:<" + CrashMails.forwardPath(plan.id(), recipient) + ">");
        }
        if (!isChunked) {
            commands.add("DATA");
        }
        String refusal = isPipelined ? together(commands) : oneByOne(commands);
        if (!refusal.isEmpty()) {
            return refused(sent, refusal);
        }
        byte[] content = ledger.mails().content(plan.id());
        String reply = isChunked ? chunks(content) : dotted(content, isPipelined && random.nextBoolean());
        if (reply.startsWith("250")) {
            ledger.accepted(sent);
            return true;
        }
        return refused(sent, "content: " + reply);
    }

    private boolean refused(CrashMails.Plan plan, String reply) throws IOException {
        ledger.refused(plan, reply);
        send("RSET");
        expect("250");
        return false;
    }

    /** The first negative reply with its verb, or nothing. */
    private String oneByOne(List<String> commands) throws IOException {
        for (String command : commands) {
            send(command);
            String reply = lastLine();
            if (isNegative(reply)) {
                return verb(command) + ": " + reply;
            }
        }
        return "";
    }

    private String together(List<String> commands) throws IOException {
        send(String.join("\r\n", commands));
        String refusal = "";
        String last = "";
        for (String command : commands) {
            last = lastLine();
            if (isNegative(last) && refusal.isEmpty()) {
                refusal = verb(command) + ": " + last;
            }
        }
        if (!refusal.isEmpty() && last.startsWith("354")) {
            throw new IOException("354 behind a refused command: " + refusal);
        }
        return refusal;
    }

    private String dotted(byte[] content, boolean isCommandBehindTheDot) throws IOException {
        byte[] stuffed = DotContent.stuffed(content);
        if (!isCommandBehindTheDot) {
            write(stuffed);
            return lastLine();
        }
        ByteArrayOutputStream both = new ByteArrayOutputStream(stuffed.length + 8);
        both.writeBytes(stuffed);
        both.writeBytes("NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
        write(both.toByteArray());
        String reply = lastLine();
        expect("250");
        return reply;
    }

    /** BDAT (RFC 3030), in one chunk or several, sent together or each behind the reply to the one before. */
    private String chunks(byte[] content) throws IOException {
        int size = random.nextBoolean() ? content.length : 1 + random.nextInt(content.length);
        boolean isLastEmpty = random.nextInt(4) == 0;
        boolean isTogether = random.nextBoolean();
        String reply = "";
        int waiting = 0;
        for (int from = 0; from < content.length; from += size) {
            int to = Math.min(content.length, from + size);
            boolean isLast = to == content.length && !isLastEmpty;
            send("BDAT " + (to - from) + (isLast ? " LAST" : ""));
            write(Arrays.copyOfRange(content, from, to));
            waiting++;
            // More replies than these unread could fill both sides' buffers, and nobody would move any more.
            if (!isTogether || waiting == 16) {
                reply = replies(waiting);
                waiting = 0;
            }
        }
        if (isLastEmpty) {
            send("BDAT 0 LAST");
            waiting++;
        }
        return waiting > 0 ? replies(waiting) : reply;
    }

    private String replies(int count) throws IOException {
        String last = "";
        for (int i = 0; i < count; i++) {
            last = lastLine();
        }
        return last;
    }

    void quit() throws IOException {
        send("QUIT");
        expect("221");
    }

    private void send(String line) throws IOException {
        wire.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void write(byte[] octets) throws IOException {
        for (int from = 0; from < octets.length; from += CHUNK) {
            wire.write(octets, from, Math.min(CHUNK, octets.length - from));
        }
    }

    private String lastLine() throws IOException {
        List<String> lines = reply();
        return lines.get(lines.size() - 1);
    }

    private List<String> expect(String code) throws IOException {
        List<String> lines = reply();
        if (!lines.get(0).startsWith(code)) {
            throw new IOException("expected " + code + ", got " + lines);
        }
        return lines;
    }

    private List<String> reply() throws IOException {
        Deadline deadline = Deadline.in(PATIENCE);
        List<String> lines = new ArrayList<>();
        while (lines.size() < 100) {
            String line = wholeLine(deadline);
            if (line.length() < 3) {
                throw new IOException("no reply: " + line);
            }
            lines.add(line);
            if (line.length() == 3 || line.charAt(3) == ' ') {
                return lines;
            }
        }
        throw new IOException("a reply of more than 100 lines");
    }

    /** A line that a kill cut off does not count, whatever it begins with. */
    private String wholeLine(Deadline deadline) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_LINE) {
            int octet = wire.read(deadline, "a reply");
            if (octet < 0) {
                throw new EOFException("the server closed the connection behind: " + line);
            }
            if (octet == '\n') {
                return line.toString().strip();
            }
            line.append((char) octet);
        }
        throw new IOException("a line of more than " + LONGEST_LINE + " octets");
    }

    private static boolean isNegative(String reply) {
        return reply.charAt(0) != '2' && reply.charAt(0) != '3';
    }

    private static String verb(String command) {
        return command.substring(0, 4);
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
