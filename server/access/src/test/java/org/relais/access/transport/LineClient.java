package org.relais.access.transport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A client that sends octets and reads lines; each read has a deadline. */
public final class LineClient implements AutoCloseable {
    private static final int DEADLINE_MILLIS = 10_000;

    private Socket socket;
    private InputStream in;

    private LineClient(Socket socket) throws IOException {
        use(socket);
    }

    public static LineClient connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, DEADLINE_MILLIS);
        return new LineClient(socket);
    }

    public static LineClient connectTls(InetSocketAddress address) throws Exception {
        LineClient client = connect(address);
        client.startTls();
        return client;
    }

    private void use(Socket next) throws IOException {
        next.setSoTimeout(DEADLINE_MILLIS);
        socket = next;
        in = new BufferedInputStream(next.getInputStream());
    }

    public SSLSocket startTls() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, null);
        SSLSocket encrypted =
                (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        encrypted.startHandshake();
        use(encrypted);
        return encrypted;
    }

    public LineClient send(String octets) throws IOException {
        return send(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    public LineClient send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends a line and gives the reply, its last line only. */
    public String say(String line) throws IOException {
        return send(line + "\r\n").reply();
    }

    /** The last line of the next SMTP reply; empty at the end of the connection. */
    public String reply() throws IOException {
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = line();
        }
        return line;
    }

    /** The next line without its end; empty at the end of the connection. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            line.write(octet);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** Whether the server closed; what it still says is skipped. */
    public boolean isClosedByServer() {
        try {
            while (in.read() >= 0) {
                continue;
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
