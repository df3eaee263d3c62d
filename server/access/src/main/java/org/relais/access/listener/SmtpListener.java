package org.relais.access.listener;

import io.netty.channel.Channel;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.relais.access.smtp.SmtpOptions;
import org.relais.access.smtp.SmtpServices;
import org.relais.access.transport.BoundListener;
import org.relais.access.transport.ListenException;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.Refusal;
import org.relais.access.transport.SessionInitializer;
import org.relais.access.transport.TlsContext;

/**
 * One listener for SMTP, submission or LMTP, as its options say.
 *
 * <p>Commands and content are handled on the transport's session threads, never on an event loop. Safe for use by many
 * threads.
 */
public final class SmtpListener {
    private final ListenerTransport transport;
    private final ListenerOptions listener;
    private final SmtpOptions options;
    private final SmtpServices services;
    private final @Nullable TlsContext tls;
    private volatile @Nullable BoundListener bound;

    /** @param tls needed unless the listener's TLS mode is NONE */
    public SmtpListener(
            ListenerTransport transport,
            ListenerOptions listener,
            SmtpOptions options,
            SmtpServices services,
            @Nullable TlsContext tls) {
        this.transport = transport;
        this.listener = listener;
        this.options = options;
        this.services = services;
        this.tls = tls;
    }

    /** @throws ListenException names the listener and what is wrong, as that its port is in use */
    public synchronized void start() throws ListenException {
        if (bound != null) {
            throw new IllegalStateException("listener " + listener.name() + " is open already");
        }
        bound = transport.bind(listener, tls, new Sessions());
    }

    /** Where it listens; the port is never 0. */
    public InetSocketAddress address() {
        return opened().address();
    }

    public ListenerOptions options() {
        return listener;
    }

    /** Stops accepting, lets transactions end within the bound, closes; see {@link BoundListener#drain}. */
    public void stop(Duration bound) {
        opened().drain(bound);
    }

    private BoundListener opened() {
        BoundListener opened = bound;
        if (opened == null) {
            throw new IllegalStateException("listener " + listener.name() + " is not open");
        }
        return opened;
    }

    private final class Sessions implements SessionInitializer {
        @Override
        public void initSession(Channel channel) {
            // The session reads when it is ready for more: what a client sends ahead waits in its own socket.
            channel.config().setAutoRead(false);
            channel.pipeline()
                    .addLast(
                            new IdleStateHandler(listener.limits().idle().toMillis(), 0, 0, TimeUnit.MILLISECONDS),
                            new SmtpConnection(
                                    listener,
                                    options,
                                    services,
                                    transport.sessionExecutor().next(),
                                    tls));
        }

        @Override
        public String farewell(Refusal refusal) {
            String reason = refusal == Refusal.TOO_MANY_CONNECTIONS
                    ? "Too many connections, try again later"
                    : "Too many connections from your address";
            return "421 4.7.0 " + options.hostname() + " " + reason + "\r\n";
        }
    }
}
