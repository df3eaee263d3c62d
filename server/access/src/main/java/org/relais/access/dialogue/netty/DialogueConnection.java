package org.relais.access.dialogue.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.relais.access.dialogue.CommandTooLongException;
import org.relais.access.dialogue.Dialogue;
import org.relais.access.dialogue.Dialogue.Farewell;
import org.relais.access.dialogue.Reply;
import org.relais.access.transport.ClientAddress;
import org.relais.access.transport.Drain;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.TlsContext;
import org.relais.access.transport.TlsMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link Dialogue} over one connection: one command after the other on a session thread, the next when the reply
 * of the former has left, so that a slow reader holds neither a thread nor memory.
 *
 * <p>A reply's content is read in pieces on the session thread. The reply to STARTTLS and the TLS handler are one task
 * of the event loop; what came in the clear behind STARTTLS ends the connection. Fields belong to the event loop.
 */
public final class DialogueConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOGGER = LoggerFactory.getLogger(DialogueConnection.class);
    /** What the buffer of an idle connection takes. */
    private static final int IDLE_OCTETS = 256;

    private static final int READ_AHEAD = 16 << 10;
    private static final int PIECE = 64 << 10;

    private final String listener;
    private final Dialogue dialogue;
    private final @Nullable TlsContext tls;
    private final Executor thread;
    private final ByteBuf received = Unpooled.buffer(IDLE_OCTETS);
    private boolean busy;
    private boolean draining;
    private boolean closing;
    private boolean left;

    private DialogueConnection(String listener, Dialogue dialogue, @Nullable TlsContext tls, Executor thread) {
        this.listener = listener;
        this.dialogue = dialogue;
        this.tls = tls;
        this.thread = thread;
    }

    /** Puts the dialogue, with its idle bound, at the end of the channel's pipeline. */
    public static void add(
            Channel channel,
            ListenerOptions options,
            Dialogue dialogue,
            @Nullable TlsContext tls,
            ListenerTransport transport) {
        channel.pipeline()
                .addLast(
                        new IdleStateHandler(0, 0, options.limits().idle().toMillis(), TimeUnit.MILLISECONDS),
                        new DialogueConnection(
                                options.name(),
                                dialogue,
                                options.tls() == TlsMode.NONE ? null : tls,
                                transport.sessionExecutor().next()));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        run(ctx, dialogue::greeting);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var octets = (ByteBuf) message;
        try {
            if (!closing) {
                received.discardReadBytes();
                received.writeBytes(octets);
            }
        } finally {
            octets.release();
        }
        proceed(ctx);
    }

    private void proceed(ChannelHandlerContext ctx) {
        if (!busy && !closing) {
            if (draining && dialogue.mayEnd()) {
                end(ctx, Farewell.DRAINED);
            } else if (received.isReadable()) {
                frame(ctx);
            }
        }
        if (!received.isReadable() && received.capacity() > IDLE_OCTETS) {
            received.clear().capacity(IDLE_OCTETS);
        }
        ctx.channel().config().setAutoRead(closing || !busy || received.readableBytes() < READ_AHEAD);
    }

    private void frame(ChannelHandlerContext ctx) {
        var in = received.nioBuffer();
        try {
            var command = dialogue.frame(in);
            received.skipBytes(in.position());
            command.ifPresent(text -> run(ctx, () -> dialogue.command(text)));
        } catch (CommandTooLongException e) {
            LOGGER.atInfo().addKeyValue("client", client(ctx)).log("{}: {}", listener, e.getMessage());
            end(ctx, Farewell.TOO_LONG);
        }
    }

    /** Something that gives a reply and may take its time. */
    private interface Step {
        Reply take() throws IOException;
    }

    private void run(ChannelHandlerContext ctx, Step step) {
        busy = true;
        onThread(ctx, () -> {
            Runnable next = () -> end(ctx, Farewell.BROKEN);
            try {
                var reply = step.take();
                next = () -> send(ctx, reply);
            } catch (IOException | RuntimeException e) {
                LOGGER.error("{}: unexpected failure of a command", listener, e);
            } finally {
                // Also after an Error, which goes on to the thread's own handler.
                onLoop(ctx, next);
            }
        });
    }

    private void send(ChannelHandlerContext ctx, Reply reply) {
        var text = ctx.writeAndFlush(Unpooled.copiedBuffer(reply.text(), StandardCharsets.UTF_8));
        var content = reply.content();
        if (content != null) {
            text.addListener(sent -> onThread(ctx, () -> sendPiece(ctx, content)));
        } else if (reply.next() == Reply.Next.TLS) {
            beginTls(ctx);
        } else if (reply.next() == Reply.Next.CLOSE) {
            closing = true;
            text.addListener(ChannelFutureListener.CLOSE).addListener(sent -> ready(ctx));
        } else {
            text.addListener(sent -> ready(ctx));
        }
    }

    private void sendPiece(ChannelHandlerContext ctx, InputStream content) {
        try {
            var piece = ctx.channel().isActive() ? content.readNBytes(PIECE) : new byte[0];
            if (piece.length == 0) {
                content.close();
                onLoop(ctx, () -> ready(ctx));
            } else {
                ctx.writeAndFlush(Unpooled.wrappedBuffer(piece))
                        .addListener(sent -> onThread(ctx, () -> sendPiece(ctx, content)));
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.error("{}: a reply broke off, the connection is closed", listener, e);
            ctx.close();
        }
    }

    private void beginTls(ChannelHandlerContext ctx) {
        if (tls == null) {
            throw new IllegalStateException("TLS was promised on " + listener + ", which has none");
        }
        if (received.isReadable()) {
            LOGGER.atWarn()
                    .addKeyValue("client", client(ctx))
                    .log("{}: commands in the clear behind STARTTLS", listener);
            end(ctx, Farewell.INJECTION);
            return;
        }
        ctx.pipeline().addFirst(ListenerTransport.TLS_HANDLER, tls.newHandler(ctx.alloc()));
        run(ctx, dialogue::tlsStarted);
    }

    private void ready(ChannelHandlerContext ctx) {
        busy = false;
        if (ctx.channel().isActive()) {
            proceed(ctx);
        } else {
            leave();
        }
    }

    private void onThread(ChannelHandlerContext ctx, Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("{}: the session threads have ended", listener, e);
            ctx.close();
            dialogue.closed();
        }
    }

    private void onLoop(ChannelHandlerContext ctx, Runnable task) {
        try {
            ctx.executor().execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("{}: the event loops have ended", listener, e);
            dialogue.closed();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Drain.REQUESTED) {
            draining = true;
            proceed(ctx);
        } else if (event instanceof IdleStateEvent) {
            end(ctx, Farewell.IDLE);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        if (!busy) {
            leave();
        }
    }

    /** Once nothing runs any more. */
    private void leave() {
        if (left) {
            return;
        }
        left = true;
        try {
            thread.execute(dialogue::closed);
        } catch (RejectedExecutionException e) {
            dialogue.closed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            LOGGER.atInfo()
                    .addKeyValue("client", client(ctx))
                    .log("{}: connection broke: {}", listener, cause.getMessage());
            ctx.close();
        } else {
            LOGGER.error("{}: unexpected failure of a connection", listener, cause);
            end(ctx, Farewell.BROKEN);
        }
    }

    private void end(ChannelHandlerContext ctx, Farewell why) {
        busy = false;
        if (!closing) {
            closing = true;
            var lastWords = Unpooled.copiedBuffer(dialogue.farewell(why), StandardCharsets.UTF_8);
            if (why == Farewell.TOO_LONG || why == Farewell.INJECTION) {
                LingeringClose.begin(ctx, lastWords);
            } else {
                ctx.writeAndFlush(lastWords).addListener(ChannelFutureListener.CLOSE);
            }
        }
        if (!ctx.channel().isActive()) {
            leave();
        }
    }

    private static String client(ChannelHandlerContext ctx) {
        return ClientAddress.of(ctx.channel()).getAddress().getHostAddress();
    }
}
