package org.relais.access.dialogue.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection so that the client gets the last words although it is still sending: closing while octets wait to
 * be read would reset the connection, and the words would be lost with it.
 *
 * <p>What the client sends is dropped until it pauses, at most for five seconds. Belongs to the event loop.
 */
public final class LingeringClose extends ChannelInboundHandlerAdapter {

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int PAUSES = 25;

    private boolean hasRead;
    private int pauses;

    private LingeringClose() {}

    /** Writes the last words and takes the place of the handler that calls. */
    public static void begin(ChannelHandlerContext ctx, ByteBuf lastWords) {
        var linger = new LingeringClose();
        ctx.writeAndFlush(lastWords).addListener(written -> linger.check(ctx));
        ctx.pipeline().addBefore(ctx.name(), null, linger);
        ctx.channel().config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        hasRead = true;
        ReferenceCountUtil.release(message);
    }

    private void check(ChannelHandlerContext ctx) {
        if (!ctx.channel().isActive()) {
            return;
        }
        if (pauses == PAUSES || (pauses > 0 && !hasRead)) {
            ctx.close();
            return;
        }
        pauses++;
        hasRead = false;
        ctx.executor().schedule(() -> check(ctx), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
