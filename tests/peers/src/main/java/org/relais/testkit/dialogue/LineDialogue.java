package org.relais.testkit.dialogue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.TestCertificate;
import org.relais.testkit.wire.Transcript;
import org.relais.testkit.wire.Wire;

/**
 * A client that says lines and reads lines, each read with a deadline. What goes wrong is an {@link AssertionError} that
 * shows the whole dialogue. For one thread; {@link #close()} may come from another and ends a read.
 *
 * @param <T> the protocol's own dialogue, which the methods that chain return
 */
public abstract class LineDialogue<T extends LineDialogue<T>> implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_LINE = 1024 * 1024;
    private static final int CHUNK = 64 * 1024;

    private final Wire wire;
    private final Transcript transcript = new Transcript();
    private Duration patience = PATIENCE;

    /** What a subclass connects by. */
    LineDialogue(int port, boolean implicitTls) {
        try {
            wire = Wire.connect(new InetSocketAddress("127.0.0.1", port));
            if (implicitTls) {
                upgrade();
            }
        } catch (IOException e) {
            throw new AssertionError("no dialogue on port " + port + ": " + e.getMessage(), e);
        }
    }

    abstract T self();

    /** How long each read may take from now on; 10 s by default. */
    public T withPatience(Duration each) {
        patience = each;
        return self();
    }

    /** Sends a line and its CRLF; the line's characters are octets (ISO-8859-1). */
    public T send(String line) {
        transcript.client(line);
        return write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends several lines in one write, as a pipelining client does. */
    public T sendTogether(String... lines) {
        for (String line : lines) {
            transcript.client(line);
        }
        return write((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends a line octet by octet, each in a packet of its own. */
    public T sendByteWise(String line) {
        transcript.client(line);
        for (byte octet : (line + "\r\n").getBytes(StandardCharsets.ISO_8859_1)) {
            write(new byte[] {octet});
        }
        return self();
    }

    /** Sends octets as they are. */
    public T sendRaw(byte[] octets) {
        transcript.client(
                octets.length <= 200
                        ? new String(octets, StandardCharsets.ISO_8859_1)
                        : "(" + octets.length + " octets)");
        return write(octets);
    }

    /** Sends characters as octets, without a line end. */
    public T sendRaw(String octets) {
        return sendRaw(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    final T write(byte[] octets) {
        try {
            for (int from = 0; from < octets.length; from += CHUNK) {
                wire.write(octets, from, Math.min(CHUNK, octets.length - from));
            }
        } catch (IOException e) {
            throw failure("could not send: " + e.getMessage(), e);
        }
        return self();
    }

    /** The next line. */
    public String readLine() {
        return tryReadLine().orElseThrow(() -> failure("the server closed the connection", null));
    }

    /** The next line; empty when the server has closed the connection. */
    public Optional<String> tryReadLine() {
        try {
            Optional<String> line = wire.readLine(MAX_LINE, deadline());
            line.ifPresentOrElse(transcript::server, () -> transcript.server("(closed)"));
            return line;
        } catch (SocketTimeoutException e) {
            throw failure(e.getMessage() + " for " + patience, e);
        } catch (SocketException e) {
            transcript.server("(reset)");
            return Optional.empty();
        } catch (IOException e) {
            throw failure(String.valueOf(e.getMessage()), e);
        }
    }

    /** The next line, which must begin so. */
    public String expectLine(String prefix) {
        String line = readLine();
        if (!line.startsWith(prefix)) {
            throw failure("expected " + prefix + " but got " + line, null);
        }
        return line;
    }

    /** Reads until the server closes, whatever it says before that. */
    public T expectClosed() {
        Deadline deadline = deadline();
        while (tryReadLine().isPresent()) {
            if (deadline.isPast()) {
                throw failure("the server goes on talking", null);
            }
        }
        return self();
    }

    /** The client's side of a TLS handshake, any certificate taken. */
    final void handshake() {
        try {
            upgrade();
            transcript.client("(TLS handshake done)");
        } catch (IOException e) {
            throw failure("no TLS session: " + e.getMessage(), e);
        }
    }

    private void upgrade() throws IOException {
        wire.startTlsAsClient(TestCertificate.trustingContext(), deadline());
    }

    public Optional<SSLSession> tlsSession() {
        return wire.tlsSession();
    }

    /** Our own address on this connection, as the server sees it. */
    public InetSocketAddress localAddress() {
        return wire.localAddress();
    }

    /** Both sides so far. */
    public String transcript() {
        return transcript.toString();
    }

    /** Goes away without a word, with a reset. */
    public void vanish() {
        try {
            wire.reset();
        } catch (IOException e) {
            throw failure("could not reset: " + e.getMessage(), e);
        }
    }

    /** Says that nothing more will be sent, and stays to read. */
    public T endOutput() {
        try {
            wire.endOutput();
        } catch (IOException e) {
            throw failure("could not end the output: " + e.getMessage(), e);
        }
        return self();
    }

    final Wire wire() {
        return wire;
    }

    final Transcript recording() {
        return transcript;
    }

    final Deadline deadline() {
        return Deadline.in(patience);
    }

    final AssertionError failure(String what, @Nullable Throwable cause) {
        return new AssertionError(what + "\n" + transcript, cause);
    }

    @Override
    public void close() {
        try {
            wire.close();
        } catch (IOException e) {
            throw failure("could not close: " + e.getMessage(), e);
        }
    }
}
