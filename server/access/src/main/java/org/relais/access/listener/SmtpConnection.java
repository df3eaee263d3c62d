package org.relais.access.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
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
 * <p>Threads: the fields belong to the event loop; the session is called on the session executor only, one call at a
 * time. While a call runs and until its replies are written, nothing more is read from the socket, so that a client that
 * sends without listening fills its own buffers and not ours.
 */
final class SmtpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOGGER = LoggerFactory.getLogger(SmtpConnection.class);
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ListenerOptions listener;
    private final SmtpOptions options;
    private final SmtpServices services;
    private final Executor executor;
    private final @Nullable TlsContext tls;

    /** What arrived while a call ran: at most what one read brings. */
    private final Queue<byte[]> arrived = new ArrayDeque<>();

    private @Nullable SmtpSession session;
    /** A call runs, its replies are being written, or a TLS handshake goes on. */
    private boolean busy;

    private boolean writing;
    private boolean ended;
    private boolean greeted;
    private boolean drainRequested;
    private boolean drainTold;

    SmtpConnection(
            ListenerOptions listener,
            SmtpOptions options,
            SmtpServices services,
            Executor executor,
            @Nullable TlsContext tls) {
        this.listener = listener;
        this.options = options;
        this.services = services;
        this.executor = executor;
        this.tls = tls;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        SmtpSession opened =
                new SmtpSession(options, services, ctx.channel().id().asShortText(), ClientAddress.of(ctx.channel()));
        session = opened;
        if (listener.tls() == TlsMode.IMPLICIT) {
            ctx.read();
        } else {
            greeted = true;
            call(ctx, opened::greet);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        try {
            if (!ended) {
                byte[] octets = new byte[buffer.readableBytes()];
                buffer.readBytes(octets);
                arrived.add(octets);
            }
        } finally {
            buffer.release();
        }
        proceed(ctx);
    }

    /** Goes on with what is due: the drain, then what arrived, else the next read. */
    private void proceed(ChannelHandlerContext ctx) {
        SmtpSession open = session;
        if (busy || ended || open == null) {
            return;
        }
        byte @Nullable [] octets = arrived.poll();
        if (octets != null) {
            call(ctx, () -> open.receive(octets));
        } else if (drainRequested && !drainTold) {
            drainTold = true;
            call(ctx, open::drain);
        } else {
            ctx.read();
        }
    }

    private void call(ChannelHandlerContext ctx, Supplier<SmtpSession.Output> step) {
        busy = true;
        try {
            executor.execute(() -> {
                try {
                    SmtpSession.Output output = step.get();
                    ctx.executor().execute(() -> deliver(ctx, output));
                } catch (RejectedExecutionException e) {
                    LOGGER.debug("listener {}: stopped while a session was at work", listener.name(), e);
                } catch (Throwable e) {
                    // An Error too must not leave a connection that nobody serves.
                    LOGGER.error("listener {}: a session was ended by an error of ours", listener.name(), e);
                    ctx.close();
                }
            });
        } catch (RejectedExecutionException e) {
            LOGGER.debug("listener {}: is stopped", listener.name(), e);
            ctx.close();
        }
    }

    private void deliver(ChannelHandlerContext ctx, SmtpSession.Output output) {
        ByteBuf replies = Unpooled.wrappedBuffer(output.replies());
        switch (output.next()) {
            case CLOSE:
                ended = true;
                arrived.clear();
                ctx.writeAndFlush(replies).addListener(written -> finish(ctx));
                break;
            case START_TLS:
                startTls(ctx, replies);
                break;
            case CONTINUE:
                if (!replies.isReadable()) {
                    replies.release();
                    done(ctx);
                } else {
                    writing = true;
                    ctx.writeAndFlush(replies).addListener(written -> done(ctx));
                }
                break;
        }
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

    private void done(ChannelHandlerContext ctx) {
        writing = false;
        busy = false;
        proceed(ctx);
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
        boolean greet = !greeted;
        greeted = true;
        call(ctx, () -> {
            SmtpSession.Output output = open.encrypted(facts);
            return greet ? open.greet() : output;
        });
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
            call(ctx, open::timedOut);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        SmtpSession open = session;
        ended = true;
        arrived.clear();
        if (open != null) {
            try {
                executor.execute(open::disconnected);
            } catch (RejectedExecutionException e) {
                LOGGER.debug("listener {}: is stopped", listener.name(), e);
            }
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
