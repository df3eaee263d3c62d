package org.relais.access.mailbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Speaks lines with a server on loopback; one char is one octet. Every read gives up after some seconds. */
public final class LineClient implements Closeable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final InetSocketAddress server;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    public LineClient(InetSocketAddress server) throws IOException {
        this.server = server;
        this.socket = new Socket(server.getAddress(), server.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
        this.out = socket.getOutputStream();
    }

    /** Begins TLS on this connection, trusting any certificate. */
    public LineClient startTls() throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
        var secured = (SSLSocket) context.getSocketFactory()
                .createSocket(socket, server.getAddress().getHostAddress(), server.getPort(), true);
        secured.startHandshake();
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream(), 64 << 10);
        out = secured.getOutputStream();
        return this;
    }

    public X509Certificate serverCertificate() throws IOException {
        return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    }

    /** Sends the text as it is, in one write. */
    public LineClient send(String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
        return this;
    }

    /** The next line without its CRLF; a line that ends otherwise is an error. */
    public String line() throws IOException {
        var line = new StringBuilder();
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("closed after: " + line);
            }
            if (octet == '\n') {
                if (line.length() == 0 || line.charAt(line.length() - 1) != '\r') {
                    throw new IOException("a line without CR: " + line);
                }
                line.setLength(line.length() - 1);
                return line.toString();
            }
            line.append((char) octet);
        }
    }

    /** Lines up to and with the first that is wanted. */
    public List<String> linesUntil(Predicate<String> last) throws IOException {
        var lines = new ArrayList<String>();
        do {
            lines.add(line());
        } while (!last.test(lines.get(lines.size() - 1)));
        return lines;
    }

    /** Sends a line and gives the lines up to the one that begins with the tag. */
    public List<String> command(String tag, String command) throws IOException {
        send(tag + " " + command + "\r\n");
        return linesUntil(line -> line.startsWith(tag + " "));
    }

    public byte[] octets(int count) throws IOException {
        var octets = in.readNBytes(count);
        if (octets.length < count) {
            throw new EOFException("closed after " + octets.length + " octets");
        }
        return octets;
    }

    /** Everything up to the end of the connection. */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
