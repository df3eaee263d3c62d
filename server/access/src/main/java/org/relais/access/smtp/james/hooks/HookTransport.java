package org.relais.access.smtp.james.hooks;

import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.apache.james.protocols.api.ProtocolSession;
import org.apache.james.protocols.api.ProtocolTransport;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.LineHandler;
import org.relais.access.smtp.SessionFacts;

/** Says what James's hooks may ask of a connection, and refuses what would take it out of our session's hands. */
final class HookTransport implements ProtocolTransport {
    private final boolean offersStartTls;
    private final InetSocketAddress local;
    private SessionFacts facts;

    HookTransport(SessionFacts facts, boolean offersStartTls, InetSocketAddress local) {
        this.facts = facts;
        this.offersStartTls = offersStartTls;
        this.local = local;
    }

    void update(SessionFacts now) {
        facts = now;
    }

    /** The true client's, also behind a proxy. */
    @Override
    public InetSocketAddress getRemoteAddress() {
        return facts.client();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return local;
    }

    @Override
    public String getId() {
        return facts.id();
    }

    @Override
    public boolean isTLSStarted() {
        return facts.tls() != null;
    }

    @Override
    public boolean isStartTLSSupported() {
        return offersStartTls;
    }

    @Override
    public Optional<SSLSession> getSSLSession() {
        return Optional.empty();
    }

    @Override
    public boolean isProxyRequired() {
        return false;
    }

    @Override
    public boolean isReadable() {
        return false;
    }

    @Override
    public void writeResponse(Response response, ProtocolSession session) {
        throw notHere("write to the client: return a HookResult");
    }

    @Override
    public void popLineHandler() {
        throw notHere("handle lines");
    }

    @Override
    public void pushLineHandler(LineHandler<? extends ProtocolSession> handler, ProtocolSession session) {
        throw notHere("handle lines");
    }

    @Override
    public void setReadable(boolean readable) {
        throw notHere("stop reading");
    }

    private static UnsupportedOperationException notHere(String what) {
        return new UnsupportedOperationException("a hook of Relais cannot " + what);
    }
}
