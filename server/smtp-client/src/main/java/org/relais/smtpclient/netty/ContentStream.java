package org.relais.smtpclient.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.relais.smtpclient.OutgoingContent;
import org.relais.smtpclient.protocol.DotStuffing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a content that is not in memory, one buffer at a time: it is read on the executor, written on the event loop, and
 * the next is read when the socket has room. At most {@value #PIECE} octets are held beside those on their way.
 */
final class ContentStream {
    private static final int PIECE = 64 * 1024;

    private static final Logger LOGGER = LoggerFactory.getLogger(ContentStream.class);

    private final Channel channel;
    private final Executor blocking;
    private final OutgoingContent content;
    private final @Nullable DotStuffing dots;
    private final Consumer<ChannelFuture> onLastWritten;
    private final Consumer<Throwable> onFault;
    private @Nullable InputStream in;
    private long left;
    private boolean isReading;
    private boolean isOver;

    /** @param dots null: as it is */
    ContentStream(
            Channel channel,
            Executor blocking,
            OutgoingContent content,
            @Nullable DotStuffing dots,
            Consumer<ChannelFuture> onLastWritten,
            Consumer<Throwable> onFault) {
        this.channel = channel;
        this.blocking = blocking;
        this.content = content;
        this.dots = dots;
        this.onLastWritten = onLastWritten;
        this.onFault = onFault;
        this.left = content.size();
    }

    /** When the socket has room; on the event loop. */
    void goOn() {
        if (isReading || isOver || !channel.isWritable()) {
            return;
        }
        isReading = true;
        try {
            blocking.execute(this::read);
        } catch (RejectedExecutionException e) {
            isReading = false;
            onFault.accept(e);
        }
    }

    /** Nothing more is sent; on the event loop. */
    void stop() {
        isOver = true;
        if (!isReading && in != null) {
            isReading = true;
            try {
                blocking.execute(this::closeInput);
            } catch (RejectedExecutionException e) {
                closeInput();
            }
        }
    }

    private void read() {
        try {
            if (in == null) {
                in = content.open();
            }
            byte[] octets = in.readNBytes((int) Math.min(PIECE, left));
            boolean isShort = octets.length < Math.min(PIECE, left);
            left -= octets.length;
            boolean isLast = left == 0;
            if (isShort || (isLast && in.read() >= 0)) {
                throw new IOException("the content has not the " + content.size() + " octets that were announced");
            }
            if (isLast) {
                closeInput();
            }
            ByteBuffer piece = ByteBuffer.wrap(octets);
            ByteBuffer out = dots == null ? piece : dots.stuff(piece);
            onLoop(() -> write(out, isLast));
        } catch (IOException | RuntimeException | Error e) {
            closeInput();
            onLoop(() -> fail(e));
        }
    }

    /** A loop that has ended closed the channel, which ended the mail. */
    private void onLoop(Runnable step) {
        try {
            channel.eventLoop().execute(step);
        } catch (RejectedExecutionException e) {
            LOGGER.warn("a content is not sent on: the event loop has ended");
            closeInput();
        }
    }

    private void closeInput() {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            LOGGER.warn("a content cannot be closed: {}", e.toString());
        }
    }

    private void write(ByteBuffer octets, boolean isLast) {
        isReading = false;
        if (isOver) {
            stop();
            return;
        }
        try {
            ByteBuf piece = Unpooled.wrappedBuffer(octets);
            if (isLast) {
                isOver = true;
                ByteBuf end = dots == null
                        ? Unpooled.EMPTY_BUFFER
                        : Unpooled.copiedBuffer(dots.end(), StandardCharsets.US_ASCII);
                onLastWritten.accept(channel.writeAndFlush(Unpooled.wrappedBuffer(piece, end)));
            } else {
                channel.writeAndFlush(piece, channel.voidPromise());
                goOn();
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(Throwable fault) {
        isReading = false;
        isOver = true;
        onFault.accept(fault);
    }
}
