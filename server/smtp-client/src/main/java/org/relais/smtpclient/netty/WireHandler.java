package org.relais.smtpclient.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import org.relais.model.Reply;
import org.relais.smtpclient.protocol.NotSmtpException;
import org.relais.smtpclient.protocol.ReplyReader;

/** What Netty tells a connection: octets become replies, and the phase is told. On the event loop only. */
final class WireHandler extends ChannelInboundHandlerAdapter {
    private final Connection connection;
    private final Wire wire;
    private final ReplyReader reader = new ReplyReader();

    WireHandler(Connection connection, Wire wire) {
        this.connection = connection;
        this.wire = wire;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        wire.attach(ctx.channel());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connection.phase().onConnected();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf octets)) {
            return;
        }
        try {
            ByteBuffer in = octets.nioBuffer();
            while (!connection.isGone() && in.hasRemaining()) {
                Reply reply = reader.read(in);
                if (reply != null) {
                    connection.phase().onReply(reply, in.hasRemaining());
                }
            }
        } catch (NotSmtpException e) {
            connection.phase().onLost(String.valueOf(e.getMessage()), 0);
        } finally {
            octets.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        connection.phase().onWritable();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.phase().onBroken("the server closed the connection");
    }

    /** What the wire does to us comes here, and what the methods above throw. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.broke(cause);
    }
}
