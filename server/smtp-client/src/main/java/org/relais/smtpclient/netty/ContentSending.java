package org.relais.smtpclient.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.relais.smtpclient.OutgoingContent;
import org.relais.smtpclient.protocol.DotStuffing;

/**
 * How the content of one mail leaves over a channel: a small one in one write with the commands before it, a large one
 * in slices, one that is not in memory as a {@link ContentStream}. On the event loop only.
 */
final class ContentSending {
    /** A mail up to this size goes as one write, and as an eager chunk. */
    static final int SMALL = 64 * 1024;

    /** How much is given to the socket at once, so that its progress can be seen. */
    private static final int SLICE = 16 * 1024;

    private final Channel channel;
    private final OutgoingContent content;
    private final Runnable onSent;
    private final Consumer<Throwable> onBroken;
    private final Consumer<Throwable> onFault;
    private @Nullable ContentStream stream;
    private boolean isDue;
    private boolean isSent;
    private boolean isStopped;

    /**
     * @param onSent when the last octet has left
     * @param onBroken what the wire did to it
     * @param onFault what we ourselves did to it, or the disk
     */
    ContentSending(
            Channel channel,
            OutgoingContent content,
            Runnable onSent,
            Consumer<Throwable> onBroken,
            Consumer<Throwable> onFault) {
        this.channel = channel;
        this.content = content;
        this.onSent = onSent;
        this.onBroken = onBroken;
        this.onFault = onFault;
    }

    /** Whether it was begun and has not left yet. */
    boolean isUnderWay() {
        return isDue && !isSent;
    }

    /** Whether all of it has left. */
    boolean isSent() {
        return isSent;
    }

    /** @param dots null: as it is */
    void start(byte[] commands, @Nullable DotStuffing dots, Executor blocking) {
        isDue = true;
        Optional<ByteBuffer[]> memory = content.size() == 0 ? Optional.of(new ByteBuffer[0]) : content.inMemory();
        if (memory.isPresent()) {
            sendAtOnce(commands, memory.get(), dots);
            return;
        }
        if (commands.length > 0) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(commands), channel.voidPromise());
        }
        ContentStream begun = new ContentStream(channel, blocking, content, dots, this::onLastWritten, onFault);
        stream = begun;
        begun.goOn();
    }

    /** The socket has room. */
    void goOn() {
        if (stream != null) {
            stream.goOn();
        }
    }

    /** Nothing more is sent, and nobody is told anything more. */
    void stop() {
        isStopped = true;
        ContentStream ended = stream;
        if (ended != null) {
            stream = null;
            ended.stop();
        }
    }

    private void sendAtOnce(byte[] commands, ByteBuffer[] pieces, @Nullable DotStuffing dots) {
        long size = commands.length;
        for (ByteBuffer piece : pieces) {
            size += piece.remaining();
        }
        onLastWritten(channel.writeAndFlush(
                size <= SMALL ? small(commands, pieces, dots, (int) size) : large(commands, pieces, dots)));
    }

    /** One buffer and one system call; the socket would copy it anyway. */
    private ByteBuf small(byte[] commands, ByteBuffer[] pieces, @Nullable DotStuffing dots, int size) {
        ByteBuf group = channel.alloc().directBuffer(size + 64).writeBytes(commands);
        for (ByteBuffer piece : pieces) {
            ByteBuffer out = piece.duplicate();
            group.writeBytes(dots == null ? out : dots.stuff(out));
        }
        if (dots != null) {
            group.writeCharSequence(dots.end(), StandardCharsets.US_ASCII);
        }
        return group;
    }

    /** All but the end is written in slices; returns the end. */
    private ByteBuf large(byte[] commands, ByteBuffer[] pieces, @Nullable DotStuffing dots) {
        channel.write(Unpooled.wrappedBuffer(commands), channel.voidPromise());
        for (ByteBuffer piece : pieces) {
            for (int from = piece.position(); from < piece.limit(); from += SLICE) {
                ByteBuffer slice = piece.slice(from, Math.min(SLICE, piece.limit() - from));
                channel.write(Unpooled.wrappedBuffer(dots == null ? slice : dots.stuff(slice)), channel.voidPromise());
            }
        }
        return dots == null ? Unpooled.EMPTY_BUFFER : Unpooled.copiedBuffer(dots.end(), StandardCharsets.US_ASCII);
    }

    private void onLastWritten(ChannelFuture last) {
        stream = null;
        if (last.isSuccess()) {
            isSent = true;
            onSent.run();
            return;
        }
        last.addListener(done -> {
            if (!isStopped) {
                settle(done.cause());
            }
        });
    }

    private void settle(@Nullable Throwable cause) {
        if (cause != null) {
            onBroken.accept(cause);
            return;
        }
        isSent = true;
        try {
            onSent.run();
        } catch (RuntimeException | Error e) {
            onFault.accept(e);
        }
    }

    /** Octets that the socket has not taken; differs when it took one. */
    static long pending(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer == null) {
            return 0;
        }
        return buffer.totalPendingWriteBytes()
                + (buffer.current() instanceof ByteBuf first ? first.readableBytes() : 0);
    }
}
