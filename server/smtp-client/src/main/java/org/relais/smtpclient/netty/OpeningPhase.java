package org.relais.smtpclient.netty;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.relais.model.Reply;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.smtpclient.protocol.Opening;
import org.relais.smtpclient.protocol.TlsDecision;

/**
 * A connection is opened for a first mail: TCP, the greeting, EHLO, TLS and AUTH. Ends with {@link Connection#opened}, or
 * with the connection. On the event loop only, but for
 * {@link #start}.
 */
final class OpeningPhase implements Phase {
    private final Connection connection;
    private final Errand errand;
    private final Endpoint endpoint;
    private final Wire wire;
    private final Session session;
    private final PeerTrust trust;
    private final ClientSettings.Timeouts timeouts;
    private final Opening opening;
    private boolean isHandshaking;

    OpeningPhase(Connection connection, Errand first, Wire wire, Session session, Surroundings around) {
        this.connection = connection;
        this.errand = first;
        this.endpoint = first.endpoint;
        this.wire = wire;
        this.session = session;
        this.trust = around.trust();
        this.timeouts = around.settings().timeouts();
        this.opening = new Opening(endpoint, first.whyClear);
    }

    /** From any thread. */
    @Override
    public void start() {
        ChannelFuture connecting = wire.connect(endpoint, timeouts.connection(), new WireHandler(connection, wire));
        if (connecting.isDone() && errand.home.isShuttingDown()) {
            tried(connecting); // a listener might not be told any more
        } else {
            connecting.addListener((ChannelFutureListener) done -> connection.guarded(() -> tried(done)));
        }
    }

    private void tried(ChannelFuture connecting) {
        Throwable cause = connecting.cause();
        if (cause instanceof IOException || cause instanceof IllegalArgumentException) {
            // The latter is how a source of one family says that it does not reach an address of the other.
            connection.fail(Cause.CONNECT, 0, "no connection: " + cause.getMessage());
        } else if (cause != null) {
            connection.fault(cause);
        }
    }

    @Override
    public void onConnected() {
        if (endpoint.tls().isImplicit()) {
            handshake();
        } else {
            wire.allow(timeouts.greeting());
        }
    }

    @Override
    public void onReply(Reply reply, boolean isMoreBehind) {
        Opening.Step step = opening.onReply(reply);
        if (step instanceof Opening.Step.Handshake && isMoreBehind) {
            // What came in the clear must not be taken for what is said under TLS (RFC 3207 §6).
            handshakeFailed("more came behind the reply to STARTTLS");
        } else {
            act(step);
        }
    }

    private void act(Opening.Step step) {
        if (step instanceof Opening.Step.Say say) {
            wire.write(say.octets());
            wire.allow(timeouts.command());
        } else if (step instanceof Opening.Step.Handshake) {
            handshake();
        } else if (step instanceof Opening.Step.Ready ready) {
            session.opened(ready.extensions(), opening.whyClear(), wire.now());
            connection.opened(errand);
        } else if (step instanceof Opening.Step.Failed failed) {
            connection.fail(failed.cause(), failed.code(), failed.text());
        }
    }

    // ---- TLS

    private void handshake() {
        SslHandler tls = new SslHandler(trust.engine(endpoint.host(), endpoint.port()));
        isHandshaking = true;
        wire.clearDeadline(); // the handler has one of its own
        tls.setHandshakeTimeoutMillis(timeouts.command().toMillis());
        tls.setCloseNotifyFlushTimeoutMillis(1000);
        wire.channel().pipeline().addFirst(tls);
        tls.handshakeFuture().addListener(done -> connection.guarded(() -> handshakeOver(tls, done.cause())));
    }

    private void handshakeOver(SslHandler tls, @Nullable Throwable failure) {
        if (connection.isGone()) {
            return;
        }
        isHandshaking = false;
        if (failure == null) {
            secured(tls.engine().getSession());
        } else {
            handshakeFailed(String.valueOf(failure.getMessage()));
        }
    }

    private void secured(SSLSession tls) {
        String why = PeerTrust.whyNotVerified(tls);
        session.secured(tls.getProtocol() + " " + tls.getCipherSuite(), why);
        TlsDecision decision = TlsDecision.afterHandshake(endpoint.tls(), why.isEmpty(), why);
        if (decision.verdict() == TlsDecision.Verdict.REFUSE) {
            connection.fail(Cause.TLS, 0, decision.text());
        } else if (endpoint.tls().isImplicit()) {
            wire.allow(timeouts.greeting());
        } else {
            act(opening.secured());
        }
    }

    /** In the same attempt once more, in the clear, where the policy lets it. */
    private void handshakeFailed(String text) {
        TlsDecision decision =
                TlsDecision.afterFailure(endpoint.tls(), endpoint.credentials().isPresent(), text);
        if (decision.verdict() == TlsDecision.Verdict.CLEAR) {
            errand.whyClear = decision.text();
            connection.sendOverAnother(errand);
        } else {
            connection.fail(Cause.TLS, 0, decision.text());
        }
    }

    // ---- what goes wrong

    @Override
    public void onDue() {
        onLost("no answer in time: " + opening.awaits(), 0);
    }

    @Override
    public void onLost(String text, int code) {
        connection.fail(opening.causeOfLoss(), code, text);
    }

    @Override
    public void onBroken(String text) {
        if (!isHandshaking) { // which says so itself
            onLost(text, 0);
        }
    }
}
