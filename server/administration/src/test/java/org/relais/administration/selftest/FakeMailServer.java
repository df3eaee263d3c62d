package org.relais.administration.selftest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The server's side of three dialogues as the RFCs have them, each for one client, with one mailbox between them. It
 * takes whatever is submitted and puts a Received field on top; {@link #alter} changes what the readers get.
 */
final class FakeMailServer implements AutoCloseable {
    private interface Side {
        void talk() throws Exception;
    }

    private final ServerSocket submission = listen();
    private final ServerSocket imap = listen();
    private final ServerSocket pop3 = listen();
    private final BlockingQueue<byte[]> mailbox = new LinkedBlockingQueue<>();
    final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private Socket socket = new Socket();
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private volatile String from = "";
    private volatile String to = "";
    private volatile String authReply = "235 2.7.0 Ok";
    private volatile String deleted = "no";

    FakeMailServer() throws IOException {
        serve("submission", this::submission);
    }

    SelfTest.Servers servers() {
        return new SelfTest.Servers(address(submission), address(imap), address(pop3));
    }

    FakeMailServer alter(String from, String to) {
        this.from = from;
        this.to = to;
        return this;
    }

    FakeMailServer answersAuthWith(String reply) {
        authReply = reply;
        return this;
    }

    boolean hasDeleted() {
        return deleted.equals("yes");
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static InetSocketAddress address(ServerSocket server) {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    /** One thread does all three in turn, as the self-test does. */
    private void serve(String name, Side side) {
        var thread = new Thread(
                () -> {
                    try {
                        side.talk();
                        imap();
                        pop3();
                    } catch (Exception e) {
                        seen.add("ended: " + e);
                    }
                },
                "fake-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void submission() throws Exception {
        accept(submission);
        say("220 fake ESMTP");
        expect("EHLO ");
        say("250-fake\r\n250 STARTTLS");
        expect("STARTTLS");
        say("220 go");
        startTls();
        expect("EHLO ");
        say("250-fake\r\n250 AUTH PLAIN");
        expect("AUTH PLAIN ");
        say(authReply);
        expect("MAIL FROM:<");
        say("250 ok");
        expect("RCPT TO:<");
        say("250 ok");
        expect("DATA");
        say("354 go on");
        var mail = new ByteArrayOutputStream();
        mail.write("Received: from selftest\r\n".getBytes(StandardCharsets.US_ASCII));
        for (var line = line(); !line.equals("."); line = line()) {
            mail.write((line.startsWith(".") ? line.substring(1) : line).getBytes(StandardCharsets.ISO_8859_1));
            mail.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        mailbox.add(mail.toByteArray());
        say("250 2.0.0 Ok: queued as 1");
        expect("QUIT");
        say("221 bye");
        socket.close();
    }

    private void imap() throws Exception {
        accept(imap);
        say("* OK fake");
        say(tag("STARTTLS") + " OK go");
        startTls();
        say(tag("LOGIN ") + " OK in");
        say("* 0 EXISTS\r\n" + tag("SELECT INBOX") + " OK [READ-WRITE] done");
        var idle = tag("IDLE");
        say("+ idling");
        var mail = altered();
        say("* 0 RECENT\r\n* 1 EXISTS");
        expect("DONE");
        say(idle + " OK done");
        var fetch = tag("FETCH 1 ");
        say("* 1 FETCH (BODY[] {" + mail.length + "}");
        out.write(mail);
        say(")\r\n" + fetch + " OK done");
        say("* BYE\r\n" + tag("LOGOUT") + " OK bye");
        socket.close();
    }

    private void pop3() throws Exception {
        accept(pop3);
        say("+OK fake");
        expect("STLS");
        say("+OK go");
        startTls();
        expect("USER ");
        say("+OK");
        expect("PASS ");
        say("+OK");
        expect("STAT");
        say("+OK 1 1000");
        expect("RETR 1");
        say("+OK");
        var text = new String(altered(), StandardCharsets.ISO_8859_1);
        out.write(text.replace("\r\n.", "\r\n..").getBytes(StandardCharsets.ISO_8859_1));
        say(".");
        expect("DELE 1");
        deleted = "yes";
        say("+OK");
        expect("QUIT");
        say("+OK");
        socket.close();
    }

    private byte[] altered() throws InterruptedException {
        var mail = mailbox.poll(10, TimeUnit.SECONDS);
        mailbox.add(mail);
        var text = new String(mail, StandardCharsets.ISO_8859_1);
        return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }

    private void accept(ServerSocket server) throws IOException {
        server.setSoTimeout(10_000);
        use(server.accept());
    }

    private void startTls() throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        try (var file = FakeMailServer.class.getResourceAsStream("/selftest/server.p12")) {
            store.load(file, "test".toCharArray());
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "test".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        var secured = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", 0, true);
        secured.setUseClientMode(false);
        secured.startHandshake();
        use(secured);
    }

    private void use(Socket next) throws IOException {
        socket = next;
        socket.setSoTimeout(10_000);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    private String tag(String command) throws IOException {
        var line = line();
        var tag = line.substring(0, line.indexOf(' '));
        require(line.substring(tag.length() + 1), command);
        return tag;
    }

    private void expect(String start) throws IOException {
        require(line(), start);
    }

    private void require(String line, String start) throws IOException {
        if (!line.startsWith(start)) {
            throw new IOException("expected " + start + ", got " + line);
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the client went away");
            }
            line.append((char) octet);
        }
        var text = line.substring(0, line.length() - 1);
        seen.add(text);
        return text;
    }

    private void say(String lines) throws IOException {
        out.write((lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        submission.close();
        imap.close();
        pop3.close();
        socket.close();
    }
}
