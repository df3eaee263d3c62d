package org.relais.administration.selftest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/**
 * A line protocol's connection as its client sees it, in the clear first, then under TLS. All reads together have one
 * deadline; a line has at most 64 KiB. For one thread.
 */
final class LineConnection implements AutoCloseable {
    private static final int MAX_LINE = 64 * 1024;

    private final Transcript transcript;
    private final long deadlineNanos;
    private Socket socket;
    private InputStream in;

    private LineConnection(Socket socket, long deadlineNanos, Transcript transcript) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.deadlineNanos = deadlineNanos;
        this.transcript = transcript;
    }

    static LineConnection open(InetSocketAddress server, Duration deadline, Transcript transcript) throws IOException {
        transcript.note("connecting to " + server.getAddress().getHostAddress() + " port " + server.getPort());
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(server, (int) deadline.toMillis());
            return new LineConnection(socket, System.nanoTime() + deadline.toNanos(), transcript);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Puts TLS over the connection; the server's certificate has to be the pinned one. */
    void startTls(PinnedCertificate pinned) throws IOException, GeneralSecurityException {
        if (in.available() > 0) {
            throw new IOException("the server sent text in the clear behind its consent to TLS");
        }
        var host = socket.getInetAddress().getHostAddress();
        var secured =
                (SSLSocket) pinned.context().getSocketFactory().createSocket(socket, host, socket.getPort(), true);
        secured.setSoTimeout(remainingMillis());
        secured.startHandshake();
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream());
        var session = secured.getSession();
        transcript.note("from here on under " + session.getProtocol() + ", " + session.getCipherSuite());
    }

    /** Sends a line. */
    void send(String line) throws IOException {
        sendSecret(line, line);
    }

    /** Sends a line that the transcript shows otherwise. */
    void sendSecret(String line, String shown) throws IOException {
        transcript.client(shown);
        sendBytes((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends octets that the transcript does not show. */
    void sendBytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** The next line without its CRLF, shown. */
    String readLine() throws IOException {
        var line = new String(readRawLine(), StandardCharsets.UTF_8);
        transcript.server(line);
        return line;
    }

    /** The octets of the next line without its CRLF, not shown. */
    byte[] readRawLine() throws IOException {
        var line = new ByteArrayOutputStream(128);
        for (int octet = read(); octet != '\n'; octet = read()) {
            if (line.size() >= MAX_LINE) {
                throw new IOException("a line of more than " + MAX_LINE + " octets");
            }
            line.write(octet);
        }
        var bytes = line.toByteArray();
        int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        return java.util.Arrays.copyOf(bytes, length);
    }

    /** The next {@code length} octets, not shown. */
    byte[] readBytes(int length) throws IOException {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) read();
        }
        return bytes;
    }

    private int read() throws IOException {
        if (in.available() == 0) {
            socket.setSoTimeout(remainingMillis());
        }
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("the server closed the connection");
        }
        return octet;
    }

    private int remainingMillis() throws SocketTimeoutException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (millis <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
