package org.relais.access.sieve.james;

import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.relais.access.dialogue.netty.DialogueConnection;
import org.relais.access.sieve.Scripts;
import org.relais.access.sieve.SieveSession;
import org.relais.access.transport.BoundListener;
import org.relais.access.transport.ClientAddress;
import org.relais.access.transport.ListenException;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.Refusal;
import org.relais.access.transport.SessionInitializer;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;

/** One ManageSieve listener. Start and close it once, from one thread; the transport drains its sessions. */
public final class RelaisManageSieveServer implements AutoCloseable {

    private final ListenerOptions options;
    private final @Nullable TlsContext tls;
    private final ListenerTransport transport;
    private final Scripts scripts;
    private final int scriptOctets;
    private @Nullable BoundListener listener;

    /** @param scriptOctets the largest script that is taken */
    public RelaisManageSieveServer(
            ListenerOptions options,
            @Nullable TlsContext tls,
            ListenerTransport transport,
            Scripts scripts,
            int scriptOctets) {
        this.options = options;
        this.tls = tls;
        this.transport = transport;
        this.scripts = scripts;
        this.scriptOctets = scriptOctets;
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
            var session = new SieveSession(
                    options.hostname(),
                    client,
                    options.tls() == TlsMode.IMPLICIT,
                    options.tls() == TlsMode.STARTTLS,
                    scriptOctets,
                    scripts);
            DialogueConnection.add(channel, options, session, tls, transport);
        }

        @Override
        public String farewell(Refusal refusal) {
            return "BYE (TRYLATER) \"Too many connections\"\r\n";
        }
    }
}
