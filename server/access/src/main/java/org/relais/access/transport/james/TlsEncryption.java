package org.relais.access.transport.james;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import org.apache.james.protocols.api.ClientAuth;
import org.apache.james.protocols.netty.Encryption;
import org.jspecify.annotations.Nullable;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;

/** Gives our reloadable certificate to James's servers. */
public final class TlsEncryption implements Encryption {
    private final TlsContext tls;
    private final TlsMode mode;

    public TlsEncryption(TlsContext tls, TlsMode mode) {
        this.tls = tls;
        this.mode = mode;
    }

    @Override
    public boolean isStartTLS() {
        return mode == TlsMode.STARTTLS;
    }

    @Override
    public boolean supportsEncryption() {
        return mode != TlsMode.NONE;
    }

    /** Null means: the context's own choice. */
    @Override
    @SuppressWarnings("NullAway")
    public String @Nullable [] getEnabledCipherSuites() {
        return null;
    }

    @Override
    public ClientAuth getClientAuth() {
        return ClientAuth.NONE;
    }

    @Override
    public SslHandler sslHandler() {
        return tls.newHandler(UnpooledByteBufAllocator.DEFAULT);
    }
}
