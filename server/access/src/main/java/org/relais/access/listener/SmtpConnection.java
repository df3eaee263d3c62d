package org.relais.access.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.relais.access.smtp.Pause;
import org.relais.access.smtp.SmtpOptions;
import org.relais.access.smtp.SmtpServices;
import org.relais.access.smtp.SmtpSession;
import org.relais.access.smtp.TlsSession;
import org.relais.access.transport.ClientAddress;
import org.relais.access.transport.Drain;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: carries octets between its socket and its session.
 *
 * <p>Threads: everything here and the session belong to the channel's event loop. What the session says may block runs
 * on the session executor; what the spool has to complete first, completes on the spool's thread: both come back as one
 * task of the loop. Until then, and until its replies are written, nothing more is read from the socket, so that a
 * client that sends without listening fills its own buffers and not ours.
 */
final class SmtpConnection extends ChannelInboundHandlerAdapter {
    /** How long a session waits for the spool or the directory; clients wait ten minutes (RFC 5321 §4.5.3.2.6). */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Logger LOGGER = LoggerFactory.getLogger(SmtpConnection.class);
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ListenerOptions listener;
    private final SmtpOptions options;
    private final SmtpServices services;
    private final @Nullable TlsContext tls;
    private final IdleStateHandler idleness;
    private final SessionWait wait;

    /** What the session has not taken yet: at most what one read brings. */
    private final Queue<ByteBuf> arrived = new ArrayDeque<>(2);

    private @Nullable SmtpSession session;
    /** The session pauses, its replies are being written, or a TLS handshake goes on. */
    private boolean busy;

    private boolean writing;
    private boolean ended;
    private boolean greeted;
    private boolean drainRequested;
    private boolean drainTold;

    /** What connections of one listener have in common. */
    record Parts(
            ListenerOptions listener,
            SmtpOptions options,
            SmtpServices services,
            @Nullable TlsContext tls,
            Duration patience) {}

    /** @param executor for what may block */
    SmtpConnection(Parts parts, IdleStateHandler idleness, Executor executor) {
        this.listener = parts.listener();
        this.options = parts.options();
        this.services = parts.services();
        this.tls = parts.tls();
        this.idleness = idleness;
        this.wait = new SessionWait(parts.patience(), executor, services.intake()::flush);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        SmtpSession opened = new SmtpSession(
                options,
                services,
                ctx.channel().id().asShortText(),
                ClientAddress.of(ctx.channel()),
                (InetSocketAddress) ctx.channel().localAddress());
        session = opened;
        if (listener.tls() == TlsMode.IMPLICIT) {
            ctx.read();
        } else {
            greeted = true;
            deliver(ctx, opened.greet());
            proceed(ctx);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        if (ended) {
            buffer.release();
            return;
        }
        arrived.add(buffer);
        proceed(ctx);
    }

    /** Goes on with what is due: what arrived, then the drain, else the next read. */
    private void proceed(ChannelHandlerContext ctx) {
        SmtpSession open = session;
        while (!busy && !ended && open != null) {
            ByteBuf buffer = arrived.peek();
            if (buffer != null) {
                ByteBuffer octets = buffer.nioBuffer();
                deliver(ctx, taken(buffer, octets, open.receive(octets)));
            } else if (drainRequested && !drainTold) {
                drainTold = true;
                deliver(ctx, open.drain());
            } else {
                ctx.read();
                return;
            }
        }
    }

    /** Drops what the session took of the first buffer. */
    private SmtpSession.Output taken(ByteBuf buffer, ByteBuffer octets, SmtpSession.Output output) {
        buffer.skipBytes(buffer.readableBytes() - octets.remaining());
        if (!buffer.isReadable()) {
            arrived.remove();
            buffer.release();
        }
        return output;
    }

    private void deliver(ChannelHandlerContext ctx, SmtpSession.Output output) {
        switch (output.next()) {
            case CLOSE:
                ended = true;
                dropArrived();
                ctx.writeAndFlush(ascii(ctx, output)).addListener(written -> finish(ctx));
                break;
            case START_TLS:
                busy = true;
                startTls(ctx, ascii(ctx, output));
                break;
            case PAUSE:
                pause(ctx, Objects.requireNonNull(output.pause()));
                break;
            case CONTINUE:
                if (!output.replies().isEmpty()) {
                    reply(ctx, output);
                }
                break;
        }
    }

    private void reply(ChannelHandlerContext ctx, SmtpSession.Output output) {
        ChannelFuture written = ctx.writeAndFlush(ascii(ctx, output));
        if (!written.isDone()) {
            busy = true;
            writing = true;
            written.addListener(done -> {
                busy = false;
                writing = false;
                proceed(ctx);
            });
        }
    }

    private static ByteBuf ascii(ChannelHandlerContext ctx, SmtpSession.Output output) {
        return ByteBufUtil.writeAscii(ctx.alloc(), output.replies());
    }

    private void pause(ChannelHandlerContext ctx, Pause pause) {
        busy = true;
        try {
            wait.begin(ctx, pause, () -> resume(ctx), () -> overdue(ctx));
        } catch (RejectedExecutionException e) {
            LOGGER.debug("listener {}: is stopped", listener.name(), e);
            ctx.close();
        }
    }

    private void resume(ChannelHandlerContext ctx) {
        SmtpSession open = session;
        if (open == null) {
            return;
        }
        try {
            if (ended) {
                open.resume(NOTHING);
                return;
            }
            busy = false;
            idleness.resetReadTimeout();
            ByteBuf buffer = arrived.peek();
            if (buffer == null) {
                deliver(ctx, open.resume(NOTHING));
            } else {
                ByteBuffer octets = buffer.nioBuffer();
                deliver(ctx, taken(buffer, octets, open.resume(octets)));
            }
            proceed(ctx);
        } catch (Throwable e) {
            LOGGER.error("listener {}: a session was ended by an error of ours", listener.name(), e);
            ctx.close();
        }
    }

    private void overdue(ChannelHandlerContext ctx) {
        SmtpSession open = session;
        if (!ended && open != null) {
            deliver(ctx, open.overdue());
        }
    }

    private void dropArrived() {
        arrived.forEach(ReferenceCountUtil::release);
        arrived.clear();
    }

    /**
     * Closes our side first and goes on reading for a moment: a close with octets unread would be a reset, which takes
     * the farewell from the client's hands.
     */
    private void finish(ChannelHandlerContext ctx) {
        if (drainRequested || !ctx.channel().isActive()) {
            ctx.close();
            return;
        }
        SslHandler encryption = ctx.pipeline().get(SslHandler.class);
        if (encryption != null) {
            encryption.closeOutbound();
        }
        ((DuplexChannel) ctx.channel()).shutdownOutput();
        ctx.channel().config().setAutoRead(true);
        ctx.executor().schedule(() -> ctx.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The reply goes out in the clear and the handler stands behind it, in one task of the event loop. */
    private void startTls(ChannelHandlerContext ctx, ByteBuf reply) {
        TlsContext context = tls;
        if (context == null || !arrived.isEmpty()) {
            reply.release();
            LOGGER.info(
                    "listener {}: {} sent octets behind STARTTLS without waiting, session ended",
                    listener.name(),
                    ClientAddress.of(ctx.channel()));
            ctx.close();
            return;
        }
        ctx.writeAndFlush(reply);
        ctx.pipeline().addFirst(ListenerTransport.TLS_HANDLER, context.newHandler(ctx.alloc()));
        // Busy until the handshake is done; the TLS handler itself needs the octets.
        ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent) {
            handshakeEnded(ctx, (SslHandshakeCompletionEvent) event);
        } else if (event instanceof IdleStateEvent) {
            idle(ctx);
        } else if (event == Drain.REQUESTED) {
            drainRequested = true;
            if (!greeted || ended) {
                ctx.close();
            } else {
                proceed(ctx);
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void handshakeEnded(ChannelHandlerContext ctx, SslHandshakeCompletionEvent event) {
        SmtpSession open = session;
        SslHandler handler = ctx.pipeline().get(SslHandler.class);
        if (!event.isSuccess() || handler == null || open == null) {
            LOGGER.info(
                    "listener {}: TLS handshake with {} failed: {}",
                    listener.name(),
                    ClientAddress.of(ctx.channel()),
                    event.cause() == null ? "closed" : event.cause().toString());
            ended = true;
            ctx.close();
            return;
        }
        SSLSession negotiated = handler.engine().getSession();
        TlsSession facts = new TlsSession(negotiated.getProtocol(), negotiated.getCipherSuite());
        SmtpSession.Output output = open.encrypted(facts);
        busy = false;
        if (greeted) {
            deliver(ctx, output);
        } else {
            greeted = true;
            deliver(ctx, open.greet());
        }
        proceed(ctx);
    }

    private void idle(ChannelHandlerContext ctx) {
        SmtpSession open = session;
        if (ended) {
            // The farewell itself could not be written.
            ctx.close();
        } else if (!greeted || writing || open == null) {
            LOGGER.info(
                    "listener {}: {} neither spoke nor listened, closed",
                    listener.name(),
                    ClientAddress.of(ctx.channel()));
            ctx.close();
        } else if (!busy) {
            deliver(ctx, open.timedOut());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        SmtpSession open = session;
        ended = true;
        dropArrived();
        if (open != null) {
            open.disconnected();
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (ended) {
            LOGGER.debug("listener {}: while a connection was being closed", listener.name(), cause);
        } else if (cause instanceof IOException || cause instanceof DecoderException) {
            LOGGER.info(
                    "listener {}: connection of {} ended: {}",
                    listener.name(),
                    ClientAddress.of(ctx.channel()),
                    cause.getMessage());
        } else {
            LOGGER.error("listener {}: connection ended by an error of ours", listener.name(), cause);
        }
        ctx.close();
    }
}
