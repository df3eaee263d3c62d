package org.relais.access.imap.james;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.io.input.BoundedInputStream;
import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.decode.DecodingException;
import org.apache.james.imap.decode.ImapRequestLineReader;
import org.apache.james.imap.message.Literal;
import org.relais.access.imap.CommandOctets;

/**
 * Gives James's parsers one whole command to read. Since the command has been framed before, there is nothing to wait
 * for and no continuation request to send: running out of octets is a syntax error.
 *
 * <p>Literals stay backed by the command's octets and are readable until these are closed. For one thread.
 */
final class CommandReader extends ImapRequestLineReader implements Closeable {

    private final CommandOctets octets;
    private final InputStream in;
    private long position;

    CommandReader(CommandOctets octets) throws IOException {
        this.octets = octets;
        this.in = new BufferedInputStream(octets.from(0));
    }

    @Override
    public char nextChar() throws DecodingException {
        if (!nextSeen) {
            nextChar = (char) readOctet();
            nextSeen = true;
        }
        return nextChar;
    }

    private int readOctet() throws DecodingException {
        int octet;
        try {
            octet = in.read();
        } catch (IOException e) {
            throw new DecodingException(HumanReadableText.SOCKET_IO_FAILURE, "Cannot read the command", e);
        }
        if (octet < 0) {
            throw new DecodingException(HumanReadableText.ILLEGAL_ARGUMENTS, "The command ends too early");
        }
        position++;
        return octet;
    }

    @Override
    public Literal read(int size, boolean endOfCommand) throws IOException {
        nextSeen = false;
        nextChar = 0;
        var literal = new FramedLiteral(octets, position, size);
        in.skipNBytes(size);
        position += size;
        if (endOfCommand) {
            eol();
        }
        return literal;
    }

    @Override
    protected void commandContinuationRequest() {
        // The framer has asked for the literal already.
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private record FramedLiteral(CommandOctets octets, long offset, int length) implements Literal {

        @Override
        public long size() {
            return length;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return BoundedInputStream.builder()
                    .setInputStream(octets.from(offset))
                    .setMaxCount(length)
                    .get();
        }
    }
}
