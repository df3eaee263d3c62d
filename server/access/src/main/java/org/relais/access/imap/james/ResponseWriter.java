package org.relais.access.imap.james;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.handler.stream.ChunkedStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.james.imap.message.Literal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes responses to one client and counts what waits for it, so that a producer can be held ({@link #awaitRoom()})
 * until a slow client has read: James's processors push and know no back-pressure.
 *
 * <p>Safe for use by many threads; who writes keeps whole responses apart ({@link Responses}).
 */
final class ResponseWriter {

    private static final Logger LOGGER = LoggerFactory.getLogger(ResponseWriter.class);
    /** A client that reads nothing for so long while responses wait for it is given up. */
    private static final Duration STALLED = Duration.ofMinutes(5);
    /** What may wait for the client before a producer is held. */
    private static final long WAITING_OCTETS = 1 << 20;
    /** Literals up to this are copied, larger ones are read while they are sent. */
    private static final int COPIED_OCTETS = 64 << 10;

    private final Channel channel;
    private long waiting;
    private long reads;

    ResponseWriter(Channel channel) {
        this.channel = channel;
        channel.closeFuture().addListener(closed -> progress(0));
    }

    /** Holds the calling thread, which must be none of an event loop, until the client has read enough. */
    synchronized void awaitRoom() throws IOException {
        while (waiting > WAITING_OCTETS && channel.isActive()) {
            long before = reads;
            long deadline = System.nanoTime() + STALLED.toNanos();
            while (reads == before && channel.isActive()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    channel.close();
                    throw new IOException("the client has read nothing for " + STALLED);
                }
                await(left);
            }
        }
    }

    private synchronized void await(long nanos) throws IOException {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the client was slow", e);
        }
    }

    void write(byte[] octets) throws IOException {
        refuseClosed();
        channel.writeAndFlush(Unpooled.wrappedBuffer(octets), promise(octets.length));
    }

    void write(Literal literal) throws IOException {
        long size = literal.size();
        if (size <= COPIED_OCTETS) {
            try (InputStream in = literal.getInputStream()) {
                write(in.readAllBytes());
            }
            return;
        }
        refuseClosed();
        channel.writeAndFlush(new ChunkedStream(literal.getInputStream()), promise(size));
    }

    private void refuseClosed() throws ClosedChannelException {
        if (!channel.isActive()) {
            throw new ClosedChannelException();
        }
    }

    private ChannelProgressivePromise promise(long octets) {
        synchronized (this) {
            waiting += octets;
        }
        return channel.newProgressivePromise().addListener(new Progress(octets));
    }

    private synchronized void progress(long octets) {
        waiting -= octets;
        reads++;
        notifyAll();
    }

    /** A large literal is taken off the count as a whole, but each of its chunks shows that the client reads. */
    private final class Progress implements ChannelProgressiveFutureListener {
        private final long octets;

        Progress(long octets) {
            this.octets = octets;
        }

        @Override
        public void operationProgressed(ChannelProgressiveFuture future, long done, long total) {
            progress(0);
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture future) {
            progress(octets);
            var failure = future.cause();
            if (failure != null && channel.isActive()) {
                // What follows would be taken for the rest of the literal.
                LOGGER.error("imap: a response broke off, the connection is closed", failure);
                channel.close();
            }
        }
    }
}
