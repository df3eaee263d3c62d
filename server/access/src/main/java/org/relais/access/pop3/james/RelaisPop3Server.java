package org.relais.access.pop3.james;

import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.relais.access.dialogue.netty.DialogueConnection;
import org.relais.access.pop3.MaildropLocks;
import org.relais.access.pop3.Maildrops;
import org.relais.access.pop3.Pop3Session;
import org.relais.access.transport.BoundListener;
import org.relais.access.transport.ClientAddress;
import org.relais.access.transport.ListenException;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.Refusal;
import org.relais.access.transport.SessionInitializer;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;

/** One POP3 listener. Start and close it once, from one thread; the transport drains its sessions. */
public final class RelaisPop3Server implements AutoCloseable {

    private final ListenerOptions options;
    private final @Nullable TlsContext tls;
    private final ListenerTransport transport;
    private final Maildrops maildrops;
    private final MaildropLocks locks;
    private @Nullable BoundListener listener;

    /** @param locks the same for all POP3 listeners */
    public RelaisPop3Server(
            ListenerOptions options,
            @Nullable TlsContext tls,
            ListenerTransport transport,
            Maildrops maildrops,
            MaildropLocks locks) {
        this.options = options;
        this.tls = tls;
        this.transport = transport;
        this.maildrops = maildrops;
        this.locks = locks;
    }

    public BoundListener start() throws ListenException {
        var bound = transport.bind(options, tls, new Sessions());
        listener = bound;
        return bound;
    }

    /** Ends the sessions that are still open, at once. */
    @Override
    public void close() {
        if (listener != null) {
            listener.drain(Duration.ZERO);
        }
    }

    private final class Sessions implements SessionInitializer {

        @Override
        public void initSession(Channel channel) {
            var client = ClientAddress.of(channel).getAddress().getHostAddress();
            var session = new Pop3Session(
                    options.hostname(),
                    client,
                    options.tls() == TlsMode.IMPLICIT,
                    options.tls() == TlsMode.STARTTLS,
                    maildrops,
                    locks);
            DialogueConnection.add(channel, options, session, tls, transport);
        }

        @Override
        public String farewell(Refusal refusal) {
            return "-ERR [SYS/TEMP] Too many connections\r\n";
        }
    }
}
