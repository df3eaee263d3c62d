package org.relais.smtpclient.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.relais.smtpclient.Endpoint;

/**
 * The channel of one connection and the one deadline of what is waited for on it. On the event loop only, but for
 * {@link #connect}.
 */
final class Wire {
    private static final WriteBufferWaterMark WATER = new WriteBufferWaterMark(64 * 1024, 128 * 1024);

    private static final byte[] QUIT = "QUIT\r\n".getBytes(StandardCharsets.US_ASCII);

    private final EventLoop loop;
    private final LongSupplier nanoTime;
    private final Alarm alarm;
    private @Nullable Channel channel;

    /** @param onFault is told what {@code onDue} throws */
    Wire(EventLoop loop, LongSupplier nanoTime, Runnable onDue, Consumer<Throwable> onFault) {
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.alarm = new Alarm(loop, nanoTime, onDue, onFault);
    }

    /** From any thread. */
    ChannelFuture connect(Endpoint endpoint, Duration allowed, ChannelHandler handler) {
        long millis = Math.min(allowed.toMillis(), Integer.MAX_VALUE);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, millis))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
                .handler(handler)
                .remoteAddress(endpoint.place());
        endpoint.identity().source().ifPresent(source -> bootstrap.localAddress(new InetSocketAddress(source, 0)));
        return bootstrap.connect();
    }

    void attach(Channel attached) {
        channel = attached;
    }

    Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("not connected");
        }
        return channel;
    }

    boolean isActive() {
        return channel().isActive();
    }

    void write(byte[] octets) {
        ByteBuf buffer = channel().alloc().directBuffer(octets.length).writeBytes(octets);
        channel().writeAndFlush(buffer, channel().voidPromise());
    }

    /** The answer is not waited for. */
    void writeQuit() {
        write(QUIT);
    }

    /** Octets that the socket has not taken; differs when it took one. */
    long pending() {
        return ContentSending.pending(channel());
    }

    long now() {
        return nanoTime.getAsLong();
    }

    void allow(Duration time) {
        allowUntil(now() + time.toNanos());
    }

    void allowUntil(long at) {
        alarm.setAt(at);
    }

    /** Nothing is waited for, or somebody else sees to it. */
    void clearDeadline() {
        alarm.clear();
    }

    /** @param onClosed called in any case, and once */
    void close(Runnable onClosed) {
        alarm.clear();
        if (channel == null) {
            onClosed.run();
        } else if (loop.isShuttingDown()) {
            // Its listeners may not be told any more.
            channel.close();
            onClosed.run();
        } else {
            channel.close().addListener((ChannelFutureListener) closed -> onClosed.run());
        }
    }
}
