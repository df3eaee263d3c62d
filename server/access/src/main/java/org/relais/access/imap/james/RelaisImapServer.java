package org.relais.access.imap.james;

import io.netty.channel.Channel;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.james.imap.api.ImapConfiguration;
import org.apache.james.protocols.netty.Encryption;
import org.apache.james.util.MDCBuilder;
import org.jspecify.annotations.Nullable;
import org.relais.access.imap.ImapLimits;
import org.relais.access.transport.BoundListener;
import org.relais.access.transport.ClientAddress;
import org.relais.access.transport.ListenException;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.Refusal;
import org.relais.access.transport.SessionInitializer;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;
import org.relais.access.transport.james.TlsEncryption;

/**
 * One IMAP listener over James's parsers and processors.
 *
 * <p>Promises: passwords are taken under TLS only ({@code LOGINDISABLED} before it); one command at a time for each
 * connection; bounds of {@link ImapLimits}; CONDSTORE and QRESYNC are on; nothing that blocks runs on an event loop.
 *
 * <p>Start and close it once, from one thread. The transport drains its sessions.
 */
public final class RelaisImapServer implements AutoCloseable {

    /** RFC 9051 §5.4: at least 30 minutes once logged in. */
    private static final Duration LEAST_IDLE = Duration.ofMinutes(30);

    private final ListenerOptions options;
    private final ImapLimits limits;
    private final @Nullable TlsContext tls;
    private final ListenerTransport transport;
    private final ImapService service;
    private final ThreadPoolExecutor threads;
    private @Nullable BoundListener listener;

    public RelaisImapServer(
            ListenerOptions options,
            ImapLimits limits,
            @Nullable TlsContext tls,
            ListenerTransport transport,
            ImapService service) {
        this.options = options;
        this.limits = limits;
        this.tls = tls;
        this.transport = transport;
        this.service = service;
        this.threads = SessionThread.newPool(options.name(), options.limits().connections());
    }

    /** Configures James's processors and opens the listener. */
    public BoundListener start() throws ListenException {
        service.processor()
                .configure(ImapConfiguration.builder()
                        .enableIdle(true)
                        .isCondstoreEnable(true)
                        .appendLimit(Optional.of(Math.toIntExact(Math.min(limits.literalOctets(), Integer.MAX_VALUE))))
                        .build());
        var bound = transport.bind(options, tls, new Sessions());
        listener = bound;
        return bound;
    }

    /** Ends the sessions that are still open, at once, and the session threads. */
    @Override
    public void close() {
        if (listener != null) {
            listener.drain(Duration.ZERO);
        }
        threads.shutdown();
    }

    private final class Sessions implements SessionInitializer {

        private final @Nullable Encryption startTls =
                tls != null && options.tls() == TlsMode.STARTTLS ? new TlsEncryption(tls, TlsMode.STARTTLS) : null;

        @Override
        public void initSession(Channel channel) {
            var session = new RelaisImapSession(channel, startTls);
            var context = MDCBuilder.create()
                    .addToContext(MDCBuilder.PROTOCOL, "IMAP")
                    .addToContext(
                            MDCBuilder.IP,
                            ClientAddress.of(channel).getAddress().getHostAddress())
                    .addToContext(MDCBuilder.SESSION_ID, session.sessionId().asString());
            var commands = new ImapCommands(service, session, new ResponseWriter(channel), context);
            var idle = options.limits().idle().compareTo(LEAST_IDLE) < 0
                    ? LEAST_IDLE
                    : options.limits().idle();
            channel.pipeline()
                    .addLast(
                            new IdleStateHandler(0, 0, idle.toSeconds(), TimeUnit.SECONDS),
                            new ChunkedWriteHandler(),
                            new ImapConnection(options.hostname(), limits, session, commands, threads));
        }

        @Override
        public String farewell(Refusal refusal) {
            return "* BYE Too many connections\r\n";
        }
    }
}
