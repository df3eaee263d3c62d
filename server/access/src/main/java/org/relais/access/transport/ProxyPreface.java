package org.relais.access.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the PROXY preface of a trusted network before the session begins; stands behind Netty's decoder.
 *
 * <p>A preface that is missing, malformed or late ends the connection without a word: the peer is a proxy that the
 * administrator set up wrongly, and the log says so. {@code LOCAL} and {@code UNKNOWN} keep the peer's own address, as
 * the proxy's health checks want it.
 */
final class ProxyPreface extends ChannelInboundHandlerAdapter {
    static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Logger LOGGER = LoggerFactory.getLogger(ProxyPreface.class);

    private final String listener;
    private final Consumer<InetSocketAddress> whenKnown;
    private @Nullable ScheduledFuture<?> deadline;

    ProxyPreface(String listener, Consumer<InetSocketAddress> whenKnown) {
        this.listener = listener;
        this.whenKnown = whenKnown;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(() -> refuse(ctx, "none came in time"), DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // Told to the session once the preface is there.
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        HAProxyMessage preface = (HAProxyMessage) message;
        InetSocketAddress client;
        try {
            client = client(ctx.channel(), preface);
        } catch (UnknownHostException e) {
            refuse(ctx, e.getMessage());
            return;
        } finally {
            preface.release();
        }
        whenKnown.accept(client);
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
    }

    private static InetSocketAddress client(Channel channel, HAProxyMessage preface) throws UnknownHostException {
        HAProxyProxiedProtocol protocol = preface.proxiedProtocol();
        boolean named = preface.command() == HAProxyCommand.PROXY
                && (protocol == HAProxyProxiedProtocol.TCP4 || protocol == HAProxyProxiedProtocol.TCP6);
        if (!named) {
            return (InetSocketAddress) channel.remoteAddress();
        }
        byte @Nullable [] address = NetUtil.createByteArrayFromIpAddressString(preface.sourceAddress());
        if (address == null) {
            throw new UnknownHostException("its source address is no IP address");
        }
        return new InetSocketAddress(InetAddress.getByAddress(address), preface.sourcePort());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Drain.REQUESTED) {
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refuse(ctx, String.valueOf(cause.getMessage()));
    }

    private void refuse(ChannelHandlerContext ctx, @Nullable String why) {
        LOGGER.warn(
                "listener {}: {} is among its proxyFrom networks but did not begin with a PROXY preface: {}",
                listener,
                ctx.channel().remoteAddress(),
                why);
        ctx.close();
    }
}
