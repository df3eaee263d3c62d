package org.relais.testkit.smtp;

import java.time.Duration;
import java.util.List;

/**
 * A next hop that accepts every mail and keeps its exact octets, dot-unstuffed, with the envelope. On a free port of
 * 127.0.0.1; every method may be called from any thread.
 *
 * <pre>{@code
 * var sink = ByteSink.start("8BITMIME", "PIPELINING");
 * OctetComparison.below("Received").of(sent, sink.awaitMail(TEN_SECONDS).content());
 * }</pre>
 */
public final class ByteSink implements AutoCloseable {
    private final ScriptedSmtpServer server;

    private ByteSink(ScriptedSmtpServer server) {
        this.server = server;
    }

    /** An SMTP sink that announces these extensions. */
    public static ByteSink start(String... extensions) {
        return new ByteSink(ScriptedSmtpServer.scriptedServer()
                .announces(extensions)
                .servesAtMost(128)
                .start());
    }

    public static ByteSink startLmtp(String... extensions) {
        return new ByteSink(ScriptedSmtpServer.scriptedServer()
                .announces(extensions)
                .speaksLmtp()
                .servesAtMost(128)
                .start());
    }

    /** Keeps of each content only so many octets; for loads whose contents would not fit the heap. */
    public static ByteSink startKeepingFirst(int octets, String... extensions) {
        return new ByteSink(ScriptedSmtpServer.scriptedServer()
                .announces(extensions)
                .keepsFirst(octets)
                .servesAtMost(128)
                .start());
    }

    public int port() {
        return server.port();
    }

    /** Host and port as a route takes them. */
    public String hostAndPort() {
        return server.hostAndPort();
    }

    public List<ReceivedMail> mails() {
        return server.mails();
    }

    public int mailCount() {
        return server.mailCount();
    }

    public int connections() {
        return server.connections();
    }

    public List<ReceivedMail> awaitMails(int count, Duration allowed) {
        return server.awaitMails(count, allowed);
    }

    public ReceivedMail awaitMail(Duration allowed) {
        return server.awaitMail(allowed);
    }

    public String dialogue() {
        return server.dialogue();
    }

    @Override
    public void close() {
        server.close();
    }
}
