package org.relais.access.listener;

import io.netty.channel.Channel;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
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
 * <p>Commands and content are handled on the transport's event loops, what may block on its session threads. Safe for use
 * by many threads.
 */
public final class SmtpListener {
    /** One read takes most mails whole; Netty's default guesses by the size of the commands before. */
    private static final RecvByteBufAllocator READS = new FixedRecvByteBufAllocator(32 * 1024);

    private final ListenerTransport transport;
    private final ListenerOptions listener;
    private final SmtpOptions options;
    private final @Nullable TlsContext tls;
    private final SmtpConnection.Parts parts;
    private volatile @Nullable BoundListener bound;

    /** @param tls needed unless the listener's TLS mode is NONE */
    public SmtpListener(
            ListenerTransport transport,
            ListenerOptions listener,
            SmtpOptions options,
            SmtpServices services,
            @Nullable TlsContext tls) {
        this(transport, new SmtpConnection.Parts(listener, options, services, tls, SmtpConnection.PATIENCE));
    }

    SmtpListener(ListenerTransport transport, SmtpConnection.Parts parts) {
        this.transport = transport;
        this.listener = parts.listener();
        this.options = parts.options();
        this.tls = parts.tls();
        this.parts = parts;
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
            channel.config().setRecvByteBufAllocator(READS);
            IdleStateHandler idleness =
                    new IdleStateHandler(listener.limits().idle().toMillis(), 0, 0, TimeUnit.MILLISECONDS);
            channel.pipeline()
                    .addLast(
                            idleness,
                            new SmtpConnection(
                                    parts, idleness, transport.sessionExecutor().next()));
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
