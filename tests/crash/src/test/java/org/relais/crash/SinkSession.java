package org.relais.crash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.relais.crash.HopManners.Deed;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.DotContent;
import org.relais.testkit.wire.Wire;

/**
 * One connection of the server's to a sink. A mail is entered in the ledger when it has come whole, ahead of its reply, and
 * as taken when its 250 is written. For one thread, {@link #lastDoubtful} apart.
 */
final class SinkSession {
    private static final int LARGEST = 8 << 20;
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final Duration HANG = Duration.ofSeconds(4);
    /** A 250 that was written so long before the sink died was read, unless everything stands still. */
    private static final Duration UNREAD = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final HopManners manners;
    private final Wire wire;
    private final List<String> forwardPaths = new ArrayList<>();
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    private String reversePath = "";
    private volatile @Nullable Taken last;

    private record Taken(Arrived arrived, long at) {}

    SinkSession(Ledger ledger, HopManners manners, Wire wire) {
        this.ledger = ledger;
        this.manners = manners;
        this.wire = wire;
    }

    void run() throws IOException {
        say("220 sink.test ESMTP");
        Optional<String> line = wire.readLine(4096, Deadline.in(IDLE));
        while (line.isPresent() && answer(line.get())) {
            line = wire.readLine(4096, Deadline.in(IDLE));
        }
    }

    /** What was answered 250 shortly before the sink died, with nothing behind it that shows that the 250 was read. */
    Optional<Arrived> lastDoubtful(long died) {
        return Optional.ofNullable(last)
                .filter(taken -> died - taken.at() < UNREAD.toNanos())
                .map(Taken::arrived);
    }

    private boolean answer(String line) throws IOException {
        last = null;
        switch (line.toUpperCase(Locale.ROOT).split("[ :]", 2)[0]) {
            case "EHLO" -> say("250-sink.test\r\n" + manners.extensions() + "250 SIZE " + LARGEST);
            case "HELO", "NOOP" -> say("250 sink.test");
            case "MAIL" -> {
                return mail(line);
            }
            case "RCPT" -> recipient(path(line));
            case "RSET" -> {
                forget();
                say("250 2.0.0 forgotten");
            }
            case "DATA" -> {
                return data();
            }
            case "BDAT" -> {
                return chunk(line.split(" "));
            }
            case "QUIT" -> {
                say("221 2.0.0 bye");
                return false;
            }
            default -> say("502 5.5.1 not here");
        }
        return true;
    }

    private void forget() {
        forwardPaths.clear();
        chunks.reset();
    }

    private boolean mail(String line) throws IOException {
        forget();
        reversePath = path(line);
        Deed deed = manners.next();
        if (deed == Deed.HANG) {
            hang();
            return false;
        } else if (deed == Deed.REFUSE) {
            say("421 4.3.2 not now");
            return false;
        }
        say("250 2.1.0 go on");
        return true;
    }

    private void recipient(String forwardPath) throws IOException {
        String reply =
                CrashMails.copyOf(forwardPath).map(ledger.fates()::answer).orElse("250 2.1.5 go on");
        if (reply.startsWith("250")) {
            forwardPaths.add(forwardPath);
        } else if (reply.startsWith("5")) {
            ledger.refusedAtTheSink();
        }
        say(reply);
    }

    private boolean data() throws IOException {
        if (forwardPaths.isEmpty()) {
            say("503 5.5.1 RCPT first");
            return true;
        }
        say("354 go on");
        DotContent content = new DotContent(wire, LARGEST);
        content.read(OptionalInt.empty(), Deadline.in(IDLE));
        return whole(content.kept());
    }

    /** RFC 3030 §2: the octets come whatever became of the recipients. */
    private boolean chunk(String[] words) throws IOException {
        int size = Integer.parseInt(words[1]);
        if (size + chunks.size() > LARGEST) {
            throw new IOException("a chunk that makes more than " + LARGEST);
        }
        chunks.writeBytes(wire.readOctets(size, Deadline.in(IDLE)));
        if (forwardPaths.isEmpty()) {
            say("503 5.5.1 RCPT first");
            return true;
        }
        if (words.length > 2) {
            return whole(chunks.toByteArray());
        }
        say("250 2.0.0 " + size + " octets");
        return true;
    }

    private boolean whole(byte[] content) throws IOException {
        Deed deed = manners.next();
        if (deed == Deed.REFUSE) {
            forget();
            say("451 4.3.0 not at this moment");
            return true;
        }
        boolean isForgotten = deed != Deed.ANSWER && manners.either();
        Arrived arrived = isForgotten
                ? new Arrived(List.of(), Optional.empty())
                : reversePath.isEmpty() ? ledger.bounced(content, forwardPaths) : ledger.arrived(content, forwardPaths);
        forget();
        if (deed == Deed.HANG) {
            hang();
        }
        if (deed != Deed.ANSWER) {
            return false;
        }
        // Before it is written: nobody can have read it before it is marked as doubtful.
        last = new Taken(arrived, System.nanoTime());
        say("250 2.0.0 taken");
        ledger.taken(arrived);
        return true;
    }

    private void hang() throws IOException {
        Deadline end = Deadline.in(HANG);
        try {
            while (!end.isPast() && wire.read(end, "the end of a hanging connection") >= 0) {
                // It is the other side's to give up.
            }
        } catch (InterruptedIOException e) {
            // Hung long enough.
        }
    }

    private void say(String reply) throws IOException {
        wire.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String path(String line) {
        return line.substring(line.indexOf('<') + 1, Math.max(line.indexOf('<') + 1, line.indexOf('>')));
    }
}
