package org.relais.access.imap;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.relais.access.dialogue.LiteralAnnouncement;

/**
 * Cuts the octets of one connection into commands, literals included, and holds each bound while it does so: nothing
 * that a client announces or sends makes it keep more than {@link ImapLimits} allows.
 *
 * <p>A literal is always consumed as what was announced, so that its text never becomes a command, even if the command
 * is refused afterwards (RFC 7888 §4). A synchronising literal over the bound is refused without a continuation
 * request; a non-synchronising one is discarded when that is affordable and otherwise ends the connection.
 *
 * <p>One thread at a time. Closing drops a command that has not come to its end, its temporary file included.
 */
public final class CommandFramer implements Closeable {

    private static final String UNTAGGED = "*";
    private static final int TAG_LENGTH = 64;
    private static final int BATCH = 16 << 10;
    /** An oversized non-synchronising literal is read and dropped up to this many times the bound. */
    private static final int DISCARD_FACTOR = 4;

    private final ImapLimits limits;
    private byte[] line = new byte[256];
    private int lineLength;
    private int commandLineOctets;
    private long literalLeft;
    private long literalOctets;
    private boolean tooBig;
    private int loginLiterals;
    private String tag = UNTAGGED;
    private String name = "";
    private long literalBound;
    private @Nullable CommandOctets command;

    public CommandFramer(ImapLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes octets up to the end of the next step and leaves the rest in the buffer.
     *
     * @param authenticated decides which bounds hold for a literal that is announced now
     * @throws IOException if the temporary file cannot be written; the framer is to be closed then
     */
    public Framed nextCommand(ByteBuffer in, boolean authenticated) throws IOException {
        while (in.hasRemaining()) {
            if (literalLeft > 0) {
                takeLiteral(in);
                continue;
            }
            if (!takeLine(in)) {
                continue;
            }
            if (commandLineOctets > limits.lineOctets()) {
                return refuse("BYE Command line longer than " + limits.lineOctets() + " octets", true);
            }
            var step = endOfLine(authenticated);
            if (!(step instanceof Framed.Incomplete)) {
                return step;
            }
        }
        return new Framed.Incomplete();
    }

    /** The next line as it is, for a dialogue within a command. */
    public Framed nextLine(ByteBuffer in) throws IOException {
        if (!takeLine(in)) {
            return new Framed.Incomplete();
        }
        if (commandLineOctets > limits.lineOctets()) {
            return refuse("BYE Command line longer than " + limits.lineOctets() + " octets", true);
        }
        var octets = new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
        lineLength = 0;
        commandLineOctets = 0;
        return new Framed.Line(octets);
    }

    /** Whether the client is amid a literal, and so in the middle of a command. */
    public boolean awaitsLiteral() {
        return literalLeft > 0;
    }

    /** Whether octets that come now are likely to be written to a file, which wants a thread that may block. */
    public boolean writesToDisk() {
        return literalLeft > 0 && !tooBig && literalOctets > limits.memoryOctets();
    }

    @Override
    public void close() throws IOException {
        var dropped = command;
        forget();
        if (dropped != null) {
            dropped.close();
        }
    }

    /** True at the end of a line, and as soon as the line is longer than it may be. */
    private boolean takeLine(ByteBuffer in) {
        while (in.hasRemaining()) {
            byte octet = in.get();
            if (lineLength == line.length) {
                line = Arrays.copyOf(line, line.length * 2);
            }
            line[lineLength++] = octet;
            commandLineOctets++;
            if (octet == '\n' || commandLineOctets > limits.lineOctets()) {
                return true;
            }
        }
        return false;
    }

    private void takeLiteral(ByteBuffer in) throws IOException {
        int length = (int) Math.min(Math.min(literalLeft, in.remaining()), BATCH);
        if (tooBig) {
            in.position(in.position() + length);
        } else {
            var octets = new byte[length];
            in.get(octets);
            command().append(octets, 0, length);
        }
        literalLeft -= length;
    }

    private Framed endOfLine(boolean authenticated) throws IOException {
        int text = lineLength - 1;
        if (text > 0 && line[text - 1] == '\r') {
            text--;
        }
        if (commandLineOctets == lineLength) {
            beginCommand(text);
        }
        var announcement = LiteralAnnouncement.atEndOf(line, text);
        if (!tooBig) {
            command().append(line, 0, lineLength);
        }
        lineLength = 0;
        if (announcement.isPresent()) {
            return authenticated ? literal(announcement.get()) : loginLiteral(announcement.get());
        }
        if (tooBig) {
            return refuse("NO " + tooBig(literalBound), false);
        }
        var whole = command();
        whole.seal();
        var framed = new Framed.Command(tag, name, whole);
        forget();
        return framed;
    }

    private Framed literal(LiteralAnnouncement literal) throws IOException {
        if (!tooBig && literal.octets() <= literalBound - literalOctets) {
            return expect(literal);
        }
        if (literal.synchronising()) {
            return refuse("NO " + tooBig(literalBound), false);
        }
        if (literal.octets() > limits.literalOctets() * DISCARD_FACTOR - literalOctets) {
            return refuse("BYE " + tooBig(literalBound), true);
        }
        dropOctets();
        tooBig = true;
        return expect(literal);
    }

    private Framed loginLiteral(LiteralAnnouncement literal) throws IOException {
        loginLiterals++;
        if (loginLiterals > limits.loginLiterals()) {
            return refuse("BYE More than " + limits.loginLiterals() + " literals before login", true);
        }
        if (literal.octets() <= limits.loginLiteralOctets()) {
            return expect(literal);
        }
        var text = tooBig(limits.loginLiteralOctets());
        return literal.synchronising() ? refuse("NO " + text, false) : refuse("BYE " + text, true);
    }

    private static String tooBig(long bound) {
        return "[TOOBIG] Literal larger than " + bound + " octets";
    }

    private Framed expect(LiteralAnnouncement literal) {
        literalLeft = literal.octets();
        literalOctets += literal.octets();
        return literal.synchronising() ? new Framed.LiteralAwaited() : new Framed.Incomplete();
    }

    /** BYE is untagged (RFC 9051 §7.1.5); NO carries the command's tag, if it had one. */
    private Framed refuse(String text, boolean closes) throws IOException {
        var prefix = text.startsWith("BYE") ? UNTAGGED : tag;
        close();
        return new Framed.Refused(prefix + " " + text, closes);
    }

    private void dropOctets() throws IOException {
        var dropped = command;
        command = null;
        if (dropped != null) {
            dropped.close();
        }
    }

    private void forget() {
        command = null;
        tag = UNTAGGED;
        name = "";
        tooBig = false;
        lineLength = 0;
        commandLineOctets = 0;
        literalLeft = 0;
        literalOctets = 0;
    }

    private CommandOctets command() {
        var current = command;
        if (current == null) {
            current = new CommandOctets(limits.memoryOctets());
            command = current;
        }
        return current;
    }

    /** Reads what the first line tells: tag, name, and whether the literal is a whole mail (APPEND, RFC 8508). */
    private void beginCommand(int text) {
        int end = 0;
        while (end < text && line[end] > ' ' && line[end] < 0x7f && "(){%*\"\\+".indexOf(line[end]) < 0) {
            end++;
        }
        var hasTag = end > 0 && end <= TAG_LENGTH && end < text && line[end] == ' ';
        tag = hasTag ? new String(line, 0, end, StandardCharsets.US_ASCII) : UNTAGGED;
        var words = new String(line, 0, Math.min(text, 2 * TAG_LENGTH), StandardCharsets.US_ASCII)
                .toUpperCase(Locale.ROOT)
                .split(" ", 4);
        name = words.length > 1 ? words[1] : "";
        var action = name.equals("UID") && words.length > 2 ? words[2] : name;
        literalBound =
                action.equals("APPEND") || action.equals("REPLACE") ? limits.literalOctets() : limits.argumentOctets();
    }
}
