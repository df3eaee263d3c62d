package org.relais.access.imap.james;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.james.imap.api.ImapSessionState;
import org.jspecify.annotations.Nullable;
import org.relais.access.dialogue.netty.LingeringClose;
import org.relais.access.imap.CommandFramer;
import org.relais.access.imap.Framed;
import org.relais.access.imap.ImapLimits;
import org.relais.access.transport.ClientAddress;
import org.relais.access.transport.Drain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One IMAP connection: frames what arrives, holds the bounds, and gives one command at a time to {@link ImapCommands}.
 *
 * <p>The next command is taken up when the reply of the former is written, so that pipelined commands see each other's
 * effects and replies come in order (RFC 9051 §5.5). While a command runs, what the client sends waits, bounded, and
 * then stays in the network. It stands in front of James's parsers and takes the place of James's frame decoder and
 * core handler.
 *
 * <p>Its fields belong to the event loop; commands, and octets on their way to a file, run on session threads.
 */
final class ImapConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOGGER = LoggerFactory.getLogger(ImapConnection.class);
    /** What the buffer of an idle connection takes. */
    private static final int IDLE_OCTETS = 512;
    /** What is taken from the network while a command runs. */
    private static final int READ_AHEAD = 64 << 10;

    private final String hostname;
    private final ImapLimits limits;
    private final CommandFramer framer;
    private final RelaisImapSession session;
    private final ImapCommands commands;
    private final Executor threads;
    private final ByteBuf received = Unpooled.buffer(IDLE_OCTETS);
    private int loginCommands;
    private boolean busy;
    private boolean startingTls;
    private boolean draining;
    private boolean closing;
    private @Nullable ScheduledFuture<?> loginDeadline;

    ImapConnection(
            String hostname, ImapLimits limits, RelaisImapSession session, ImapCommands commands, Executor threads) {
        this.hostname = hostname;
        this.limits = limits;
        this.framer = new CommandFramer(limits);
        this.session = session;
        this.commands = commands;
        this.threads = threads;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        write(ctx, "* OK " + hostname + " Relais ready");
        long millis = limits.loginTime().toMillis();
        loginDeadline = ctx.executor()
                .schedule(() -> close(ctx, "* BYE No login within the time for it"), millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var octets = (ByteBuf) message;
        try {
            if (closing) {
                return;
            }
            if (startingTls && !session.isTLSActive()) {
                refuseInjection(ctx);
                return;
            }
            received.discardReadBytes();
            received.writeBytes(octets);
        } finally {
            octets.release();
        }
        proceed(ctx);
    }

    private void proceed(ChannelHandlerContext ctx) {
        while (!busy && !closing && received.isReadable()) {
            if (framer.writesToDisk()) {
                frameOnSessionThread(ctx);
            } else if (!frame(ctx)) {
                break;
            }
        }
        if (draining && !busy && !framer.awaitsLiteral()) {
            close(ctx, "* BYE Server is going down");
        }
        if (!received.isReadable() && received.capacity() > IDLE_OCTETS) {
            received.clear().capacity(IDLE_OCTETS);
        }
        ctx.channel().config().setAutoRead(closing || !busy || received.readableBytes() < READ_AHEAD);
    }

    /** Takes one step; false if more octets are needed for it. */
    private boolean frame(ChannelHandlerContext ctx) {
        var octets = received.nioBuffer();
        try {
            var step = session.dialogue() == null
                    ? framer.nextCommand(octets, isAuthenticated())
                    : framer.nextLine(octets);
            received.skipBytes(octets.position());
            return act(ctx, step);
        } catch (IOException e) {
            spillFailed(ctx, e);
            return false;
        }
    }

    /** Octets on their way to a file. Only an authenticated client's literal is long enough for that. */
    private void frameOnSessionThread(ChannelHandlerContext ctx) {
        var octets = ByteBuffer.allocate(received.readableBytes());
        received.readBytes(octets);
        octets.flip();
        run(ctx, () -> {
            try {
                var step = framer.nextCommand(octets, true);
                resume(ctx, () -> {
                    var later = Unpooled.copiedBuffer(Unpooled.wrappedBuffer(octets), received);
                    received.clear().writeBytes(later);
                    act(ctx, step);
                });
            } catch (IOException e) {
                resume(ctx, () -> spillFailed(ctx, e));
            }
        });
    }

    private boolean act(ChannelHandlerContext ctx, Framed step) {
        if (closing) {
            release(step);
            return false;
        }
        if (step instanceof Framed.LiteralAwaited) {
            write(ctx, "+ Ready for the literal");
        } else if (step instanceof Framed.Refused refused) {
            if (refused.closes()) {
                closeAmidInput(ctx, refused.response());
            } else if (mayGoOn(ctx)) {
                write(ctx, refused.response());
            }
        } else if (step instanceof Framed.Line line) {
            continueDialogue(ctx, line);
        } else if (step instanceof Framed.Command command) {
            begin(ctx, command);
        } else {
            return false;
        }
        return true;
    }

    private void begin(ChannelHandlerContext ctx, Framed.Command command) {
        var startTls = command.name().equals("STARTTLS") && session.supportStartTLS();
        var login = command.name().equals("LOGIN") || command.name().equals("AUTHENTICATE");
        if (!mayGoOn(ctx)) {
            release(command);
        } else if (startTls && received.isReadable()) {
            release(command);
            refuseInjection(ctx);
        } else if (login && !session.isTLSActive()) {
            release(command);
            write(ctx, command.tag() + " NO [PRIVACYREQUIRED] Login needs TLS");
        } else {
            startingTls = startTls;
            run(ctx, () -> commands.run(command, () -> resume(ctx, () -> ended(ctx, command, login))));
        }
    }

    private void continueDialogue(ChannelHandlerContext ctx, Framed.Line line) {
        var dialogue = session.dialogue();
        if (dialogue != null) {
            // James takes off two octets, whatever they are.
            var octets = (line.octets().stripTrailing() + "\r\n").getBytes(ISO_8859_1);
            run(ctx, () -> commands.dialogue(dialogue, octets, () -> resume(ctx, () -> loggedIn(ctx))));
        }
    }

    /** Counts what a client does before it has logged in. */
    private boolean mayGoOn(ChannelHandlerContext ctx) {
        if (isAuthenticated() || ++loginCommands <= limits.loginCommands()) {
            return true;
        }
        closeAmidInput(ctx, "* BYE More than " + limits.loginCommands() + " commands before login");
        return false;
    }

    private void run(ChannelHandlerContext ctx, Runnable task) {
        busy = true;
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.warn("imap: no thread for a command, the connection is closed");
            busy = false;
            close(ctx, "* BYE Server is busy");
        }
    }

    /** Back to the event loop after work on a session thread. */
    private void resume(ChannelHandlerContext ctx, Runnable next) {
        Runnable task = () -> {
            busy = false;
            next.run();
            if (ctx.channel().isActive()) {
                proceed(ctx);
            } else {
                leave();
            }
        };
        try {
            ctx.executor().execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("imap: the event loops have ended, the connection with them", e);
            leave();
        }
    }

    private void ended(ChannelHandlerContext ctx, Framed.Command command, boolean login) {
        startingTls = false;
        if (login && !isAuthenticated() && session.dialogue() == null) {
            LOGGER.atInfo()
                    .addKeyValue("client", client(ctx))
                    .addKeyValue("session", session.sessionId().asString())
                    .log("imap: {} refused", command.name());
        }
        loggedIn(ctx);
    }

    private void loggedIn(ChannelHandlerContext ctx) {
        if (session.getState() == ImapSessionState.LOGOUT) {
            closing = true;
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
        if (loginDeadline != null && isAuthenticated()) {
            loginDeadline.cancel(false);
            loginDeadline = null;
            LOGGER.atInfo()
                    .addKeyValue("client", client(ctx))
                    .addKeyValue("user", session.getUserName())
                    .addKeyValue("session", session.sessionId().asString())
                    .log("imap: login");
        }
    }

    private boolean isAuthenticated() {
        return session.getState() != ImapSessionState.NON_AUTHENTICATED;
    }

    private static String client(ChannelHandlerContext ctx) {
        return ClientAddress.of(ctx.channel()).getAddress().getHostAddress();
    }

    /** What came in the clear behind STARTTLS may have been put there by someone else (RFC 9051 §6.2.1, §11.1). */
    private void refuseInjection(ChannelHandlerContext ctx) {
        LOGGER.atWarn().addKeyValue("client", client(ctx)).log("imap: commands in the clear behind STARTTLS");
        closeAmidInput(ctx, "* BYE Nothing may follow STARTTLS before TLS");
    }

    private void spillFailed(ChannelHandlerContext ctx, IOException failure) {
        LOGGER.error("imap: cannot keep a command in a temporary file", failure);
        closeAmidInput(ctx, "* BYE [UNAVAILABLE] No room for the literal");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Drain.REQUESTED) {
            draining = true;
            proceed(ctx);
        } else if (event instanceof IdleStateEvent) {
            close(ctx, "* BYE Autologout, idle for too long");
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOGGER.debug("imap: connection of {} broke", client(ctx), cause);
            ctx.close();
        } else if (cause instanceof DecoderException) {
            LOGGER.atInfo().addKeyValue("client", client(ctx)).log("imap: TLS failed: {}", cause.getMessage());
            ctx.close();
        } else {
            LOGGER.error("imap: unexpected failure of a connection", cause);
            close(ctx, "* BYE Internal error");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        if (loginDeadline != null) {
            loginDeadline.cancel(false);
        }
        if (!busy) {
            leave();
        }
    }

    private void leave() {
        received.clear();
        Runnable task = () -> {
            try {
                framer.close();
            } catch (IOException e) {
                LOGGER.warn("imap: cannot delete a temporary file", e);
            }
            commands.leave();
        };
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    private static void release(Framed step) {
        if (step instanceof Framed.Command command) {
            try {
                command.octets().close();
            } catch (IOException e) {
                LOGGER.warn("imap: cannot delete a temporary file", e);
            }
        }
    }

    private void close(ChannelHandlerContext ctx, String lastResponse) {
        if (!closing) {
            closing = true;
            ctx.writeAndFlush(line(lastResponse)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** For a client that is likely to be sending still. */
    private void closeAmidInput(ChannelHandlerContext ctx, String lastResponse) {
        if (!closing) {
            closing = true;
            LingeringClose.begin(ctx, line(lastResponse));
        }
    }

    private static void write(ChannelHandlerContext ctx, String response) {
        ctx.writeAndFlush(line(response));
    }

    private static ByteBuf line(String response) {
        return Unpooled.copiedBuffer(response + "\r\n", US_ASCII);
    }
}
