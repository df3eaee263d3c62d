package org.relais.access.transport.james;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import org.apache.james.protocols.api.ProtocolSession;
import org.apache.james.protocols.netty.Encryption;
import org.apache.james.protocols.netty.HandlerConstants;
import org.apache.james.protocols.netty.NettyProtocolTransport;
import org.relais.access.transport.ClientAddress;

/**
 * James's transport for sessions that do not run on the event loop.
 *
 * <p>The reply to STARTTLS and the TLS handler become one task of the event loop, so that the client's first TLS octets
 * never meet a pipeline without the handler (James adds it from whichever thread runs the session). The remote address
 * is the client's, also behind a proxy.
 */
public final class StartTlsTransport extends NettyProtocolTransport {
    private final Channel channel;
    private final Encryption encryption;

    public StartTlsTransport(Channel channel, Encryption encryption) {
        super(channel, encryption, false);
        this.channel = channel;
        this.encryption = encryption;
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return ClientAddress.of(channel);
    }

    @Override
    protected void writeToClient(byte[] octets, ProtocolSession session, boolean startTls) {
        if (!startTls) {
            super.writeToClient(octets, session, false);
            return;
        }
        ByteBuf reply = Unpooled.wrappedBuffer(octets);
        EventLoop loop = channel.eventLoop();
        if (loop.inEventLoop()) {
            replyAndEncrypt(reply);
        } else {
            loop.execute(() -> replyAndEncrypt(reply));
        }
    }

    private void replyAndEncrypt(ByteBuf reply) {
        channel.writeAndFlush(reply);
        channel.pipeline().addFirst(HandlerConstants.SSL_HANDLER, encryption.sslHandler());
    }
}
