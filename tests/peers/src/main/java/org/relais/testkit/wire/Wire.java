package org.relais.testkit.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * One connection, in the clear or under TLS, read as lines or as octets. Each read takes a {@link Deadline}; a line has a
 * bound. Not for use by two readers at once; {@link #close()} may come from any thread and ends a read.
 */
public final class Wire implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private final byte[] buffer = new byte[16 * 1024];
    private int position;
    private int limit;

    public Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    public static Wire connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address, (int) CONNECT.toMillis());
            return new Wire(socket);
        } catch (IOException e) {
            socket.close();
            throw new IOException("no connection to " + address + ": " + e.getMessage(), e);
        }
    }

    /**
     * The next line without its end, as ISO-8859-1, one character for each octet; empty at the end of the stream.
     *
     * @throws IOException when the line is longer than {@code max}, or the deadline passes
     */
    public Optional<String> readLine(int max, Deadline deadline) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int octet = read(deadline, "a line");
            if (octet < 0) {
                return line.size() == 0 ? Optional.empty() : Optional.of(line.toString(StandardCharsets.ISO_8859_1));
            }
            if (octet == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
            }
            if (line.size() >= max) {
                throw new IOException("line of more than " + max + " octets");
            }
            line.write(octet);
        }
    }

    /** Exactly so many octets. */
    public byte[] readOctets(int count, Deadline deadline) throws IOException {
        byte[] octets = new byte[count];
        int have = 0;
        while (have < count) {
            if (position == limit && !fill(deadline, count + " octets")) {
                throw new EOFException("closed after " + have + " of " + count + " octets");
            }
            int some = Math.min(count - have, limit - position);
            System.arraycopy(buffer, position, octets, have, some);
            position += some;
            have += some;
        }
        return octets;
    }

    /** One octet, or -1 at the end of the stream. */
    public int read(Deadline deadline, String what) throws IOException {
        if (position == limit && !fill(deadline, what)) {
            return -1;
        }
        return buffer[position++] & 0xff;
    }

    /** Octets that were received already and not read; what a client sent behind STARTTLS stands here. */
    public int pending() {
        return limit - position;
    }

    private boolean fill(Deadline deadline, String what) throws IOException {
        socket.setSoTimeout(deadline.millisLeft(what));
        int got;
        try {
            got = in.read(buffer, 0, buffer.length);
        } catch (SocketTimeoutException e) {
            throw new SocketTimeoutException("waited in vain for " + what);
        }
        position = 0;
        limit = Math.max(0, got);
        return got > 0;
    }

    public void write(byte[] octets) throws IOException {
        write(octets, 0, octets.length);
    }

    public void write(byte[] octets, int from, int count) throws IOException {
        out.write(octets, from, count);
        out.flush();
    }

    /** The client's side of a handshake on this connection. */
    public void startTlsAsClient(SSLContext context, Deadline deadline) throws IOException {
        handshake(context, true, deadline);
    }

    /** The server's side of a handshake; what the client sent before it is thrown away. */
    public void startTlsAsServer(SSLContext context, Deadline deadline) throws IOException {
        position = limit;
        handshake(context, false, deadline);
    }

    private void handshake(SSLContext context, boolean asClient, Deadline deadline) throws IOException {
        SSLSocket tls = (SSLSocket) context.getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        tls.setUseClientMode(asClient);
        tls.setSoTimeout(deadline.millisLeft("the TLS handshake"));
        tls.startHandshake();
        socket = tls;
        in = tls.getInputStream();
        out = tls.getOutputStream();
    }

    public Optional<SSLSession> tlsSession() {
        return socket instanceof SSLSocket tls ? Optional.of(tls.getSession()) : Optional.empty();
    }

    public InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    /** Ends the sending half; the other side sees the end of the stream. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a reset instead of an orderly end, as a client that vanishes. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
