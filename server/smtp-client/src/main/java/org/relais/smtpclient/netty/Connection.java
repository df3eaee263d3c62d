package org.relais.smtpclient.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.relais.model.Reply;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.OutgoingContent;
import org.relais.smtpclient.SessionInfo;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.smtpclient.protocol.Capabilities;
import org.relais.smtpclient.protocol.DotStuffing;
import org.relais.smtpclient.protocol.Exchange;
import org.relais.smtpclient.protocol.Extensions;
import org.relais.smtpclient.protocol.NotSmtpException;
import org.relais.smtpclient.protocol.Opening;
import org.relais.smtpclient.protocol.ReplyReader;
import org.relais.smtpclient.protocol.TlsDecision;

/**
 * One connection, from its opening for a first mail to its end; it lives on one event loop. It carries one mail at a
 * time, tells the pool when it is free, and is never used again once anything odd happened on it.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    /**
     * Past this time without a mail the server may be about to close: the content then waits for the recipients, so that
     * a connection that turns out dead leaves no doubt about the mail.
     */
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private static final WriteBufferWaterMark WATER = new WriteBufferWaterMark(64 * 1024, 128 * 1024);

    private static final byte[] QUIT = "QUIT\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What all connections share. */
    record Surroundings(
            ClientSettings settings, Pool pool, Executor blocking, LongSupplier nanoTime, PeerTrust trust) {}

    private final Surroundings around;
    private final ClientSettings settings;
    private final Endpoint endpoint;
    private final Endpoint key;
    private final EventLoop loop;
    private final Alarm alarm;
    private final ReplyReader reader = new ReplyReader();

    private @Nullable Channel channel;
    private @Nullable Opening opening;
    private @Nullable Exchange exchange;
    private @Nullable Errand errand;
    private @Nullable ContentSending sending;
    private Extensions extensions = Extensions.NONE;
    private SessionInfo session = SessionInfo.NONE;
    private boolean isHandshaking;
    private boolean isGone;
    private boolean needsReset;
    private int mails;
    private long idleSince;
    private long transactionEnd;
    private long lastPending;

    Connection(Surroundings around, Errand first) {
        this.around = around;
        this.settings = around.settings();
        this.endpoint = first.endpoint;
        this.key = first.key;
        this.errand = first;
        this.loop = first.home;
        this.opening = new Opening(endpoint, first.whyClear);
        this.alarm = new Alarm(loop, around.nanoTime(), this::onDue, this::fault);
    }

    /** What it is shared by. */
    Endpoint key() {
        return key;
    }

    InetSocketAddress address() {
        return endpoint.place();
    }

    boolean isOn(EventLoop other) {
        return loop == other;
    }

    // ---- opening

    /** From any thread. */
    void connect() {
        guarded(() -> {
            ChannelFuture connecting = bootstrap().connect();
            if (connecting.isDone() && loop.isShuttingDown()) {
                connected(connecting); // a listener might not be told any more
            } else {
                connecting.addListener((ChannelFutureListener) done -> guarded(() -> connected(done)));
            }
        });
    }

    private Bootstrap bootstrap() {
        long allowed = Math.min(settings.timeouts().connection().toMillis(), Integer.MAX_VALUE);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, allowed))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
                .handler(this)
                .remoteAddress(endpoint.place());
        endpoint.identity().source().ifPresent(source -> bootstrap.localAddress(new InetSocketAddress(source, 0)));
        return bootstrap;
    }

    private void connected(ChannelFuture connecting) {
        Throwable cause = connecting.cause();
        if (cause instanceof IOException || cause instanceof IllegalArgumentException) {
            // The latter is how a source of one family says that it does not reach an address of the other.
            fail(Cause.CONNECT, 0, "no connection: " + cause.getMessage());
        } else if (cause != null) {
            fault(cause);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (endpoint.tls().isImplicit()) {
            handshake();
        } else {
            allow(settings.timeouts().greeting());
        }
    }

    private void handshake() {
        SslHandler tls = new SslHandler(around.trust().engine(endpoint.host(), endpoint.port()));
        isHandshaking = true;
        alarm.clear();
        tls.setHandshakeTimeoutMillis(settings.timeouts().command().toMillis());
        tls.setCloseNotifyFlushTimeoutMillis(1000);
        channel().pipeline().addFirst(tls);
        tls.handshakeFuture()
                .addListener(done -> guarded(() -> {
                    if (isGone) {
                        return;
                    }
                    isHandshaking = false;
                    if (done.isSuccess()) {
                        secured(tls.engine().getSession());
                    } else {
                        handshakeFailed(String.valueOf(done.cause().getMessage()));
                    }
                }));
    }

    private void secured(SSLSession tls) {
        String why = PeerTrust.whyNotVerified(tls);
        session = new SessionInfo(tls.getProtocol() + " " + tls.getCipherSuite(), why.isEmpty(), why, false, false);
        TlsDecision decision = TlsDecision.afterHandshake(endpoint.tls(), why.isEmpty(), why);
        if (decision.verdict() == TlsDecision.Verdict.REFUSE) {
            fail(Cause.TLS, 0, decision.text());
        } else if (endpoint.tls().isImplicit()) {
            allow(settings.timeouts().greeting());
        } else {
            act(opening().secured());
        }
    }

    /** In the same attempt once more, in the clear, where the policy lets it. */
    private void handshakeFailed(String text) {
        TlsDecision decision =
                TlsDecision.afterFailure(endpoint.tls(), endpoint.credentials().isPresent(), text);
        Errand mine = errand;
        if (decision.verdict() == TlsDecision.Verdict.CLEAR && mine != null) {
            mine.whyClear = decision.text();
            sendOverAnother(mine);
        } else {
            fail(Cause.TLS, 0, decision.text());
        }
    }

    private void act(Opening.Step step) {
        if (step instanceof Opening.Step.Say say) {
            write(say.octets());
            allow(settings.timeouts().command());
        } else if (step instanceof Opening.Step.Handshake) {
            handshake();
        } else if (step instanceof Opening.Step.Ready ready) {
            extensions = ready.extensions();
            if (session.tls().isEmpty()) {
                session = new SessionInfo("none", false, opening().whyClear(), false, false);
            }
            opening = null;
            idleSince = now();
            Errand mine = errand;
            errand = null;
            if (mine != null) {
                begin(mine);
            }
        } else if (step instanceof Opening.Step.Failed failed) {
            fail(failed.cause(), failed.code(), failed.text());
        }
    }

    // ---- a mail

    /** Takes a mail; from any thread, by the one to whom the pool gave this connection. */
    void carry(Errand next) {
        if (loop.inEventLoop()) {
            guarded(() -> begin(next));
            return;
        }
        try {
            loop.execute(() -> guarded(() -> begin(next)));
        } catch (RejectedExecutionException e) {
            next.fault(e);
            around.pool().gone(this);
        }
    }

    private void begin(Errand next) {
        if (isGone || !channel().isActive()) {
            sendOverAnother(next);
            return;
        }
        errand = next;
        Optional<Capabilities.Obstacle> obstacle = Capabilities.obstacle(next.mail, extensions, endpoint.toString());
        if (obstacle.isPresent()) {
            TransactionResult result = new TransactionResult.Unsendable(
                    obstacle.get().status(), obstacle.get().text(), info());
            // Not at once: the stack may be the caller's, who would come with the next such mail, and so may the pool.
            loop.execute(() -> guarded(() -> settle(next, result)));
            return;
        }
        OutgoingContent content = next.mail.content();
        boolean mayBeEager = content.size() <= ContentSending.SMALL && (mails == 0 || now() - idleSince < FRESH_NANOS);
        Exchange mine = new Exchange(next.mail, extensions, endpoint.protocol(), needsReset, mayBeEager);
        exchange = mine;
        sending = new ContentSending(channel(), content, this::allowForReply, this::broke, this::fault);
        transactionEnd = now() + settings.timeouts().transaction().toNanos();
        perform(mine.start());
    }

    private void perform(Exchange.Step step) {
        ContentSending content = sending;
        if (content == null || exchange == null) {
            return;
        }
        if (step.content() != Exchange.Content.NONE) {
            DotStuffing dots = step.content() == Exchange.Content.DOTTED ? new DotStuffing() : null;
            content.start(step.commands(), dots, around.blocking());
            if (content.isSent()) {
                return; // allowForReply() was its last word
            }
        } else if (step.commands().length > 0) {
            write(step.commands());
        }
        allowForReply();
    }

    // ---- what comes in

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf octets)) {
            return;
        }
        try {
            ByteBuffer in = octets.nioBuffer();
            while (!isGone && in.hasRemaining()) {
                Reply reply = reader.read(in);
                if (reply != null) {
                    onReply(reply, in.hasRemaining());
                }
            }
        } catch (NotSmtpException e) {
            lost(String.valueOf(e.getMessage()));
        } finally {
            octets.release();
        }
    }

    private void onReply(Reply reply, boolean isMoreBehind) throws NotSmtpException {
        Opening still = opening;
        if (still != null) {
            Opening.Step step = still.onReply(reply);
            if (step instanceof Opening.Step.Handshake && isMoreBehind) {
                // What came in the clear must not be taken for what is said under TLS (RFC 3207 §6).
                handshakeFailed("more came behind the reply to STARTTLS");
            } else {
                act(step);
            }
            return;
        }
        Exchange mine = exchange;
        if (mine == null) {
            // 421 while idle, or what nobody asked for.
            end();
            return;
        }
        Exchange.Step step = mine.onReply(reply, isContentSent());
        if (!mine.isOver()) {
            perform(step);
        } else if (!mine.isMailAnswered()) {
            lost(mine.refusal().text(), mine.refusal().code());
        } else {
            finish(mine, isMoreBehind);
        }
    }

    private void finish(Exchange mine, boolean isMoreBehind) {
        List<Reply> replies = mine.replies();
        SessionInfo used = info();
        boolean isUnfinished = isContentUnderWay();
        boolean isUnfit = !mine.isReusable() || isUnfinished || isMoreBehind;
        needsReset = mine.needsReset();
        mails++;
        boolean isSpent = isUnfit
                || mails >= settings.mailsPerConnection()
                || mails >= extensions.limits().mails();
        Errand done = errand;
        exchange = null;
        if (done != null && done.hasMoreThan(replies)) {
            if (isSpent && !isUnfit) {
                write(QUIT);
            }
            goOn(done, replies.get(replies.size() - 1), isSpent);
            return;
        }
        errand = null;
        try {
            stopSending();
            if (!isSpent) {
                idle();
            } else if (isUnfit) {
                end();
            } else {
                quit();
            }
        } finally {
            if (done != null) {
                done.complete(new TransactionResult.Answered(replies, used));
            }
        }
    }

    /** The recipients for whom LIMITS left no room, in a transaction of their own (RFC 9422 §4.2). */
    private void goOn(Errand rest, Reply last, boolean isSpent) {
        stopSending();
        if (last.code() == 421) {
            // To come back at once is not what it asked for.
            fail(
                    rest,
                    new TransactionResult.Answered(
                            Collections.nCopies(rest.mail.recipients().size(), last), info()));
        } else if (isSpent) {
            sendOverAnother(rest);
        } else {
            idleSince = now();
            begin(rest);
        }
    }

    /** A mail is over of which nothing was sent. */
    private void settle(Errand done, TransactionResult result) {
        if (errand == done) {
            errand = null;
            idle();
        }
        done.complete(result);
    }

    private void idle() {
        if (isGone) {
            return;
        }
        idleSince = now();
        alarm.setAt(idleSince + settings.idle().toNanos());
        around.pool().release(this);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (sending != null) {
            sending.goOn();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!isGone && !isHandshaking) {
            lost("the server closed the connection");
        }
    }

    /** What the wire does to us comes here, and what our own methods above throw. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        broke(cause);
    }

    private void broke(Throwable cause) {
        boolean isOfTheWire = cause instanceof IOException || cause instanceof DecoderException;
        if (!isOfTheWire) {
            fault(cause);
        } else if (!isGone && !isHandshaking) {
            guarded(() -> lost("the connection broke: " + cause.getMessage()));
        }
    }

    // ---- deadlines

    private void allow(Duration time) {
        alarm.setAt(now() + time.toNanos());
    }

    private void allowForReply() {
        Exchange mine = exchange;
        if (mine == null) {
            return;
        }
        ClientSettings.Timeouts timeouts = settings.timeouts();
        Duration time = isContentUnderWay()
                ? settings.mostSilence()
                : switch (mine.awaits()) {
                    case RSET, NOTHING -> timeouts.command();
                    case MAIL -> timeouts.mail();
                    case RCPT -> timeouts.recipient();
                    case DATA -> timeouts.data();
                    case END -> timeouts.end();
                };
        lastPending = pending();
        long at = now() + time.toNanos();
        alarm.setAt(at - transactionEnd > 0 ? transactionEnd : at);
    }

    private void onDue() {
        Opening still = opening;
        Exchange mine = exchange;
        if (still != null) {
            lost("no answer in time: " + still.awaits());
        } else if (mine == null) {
            if (around.pool().takeIdle(this)) {
                quit();
            }
        } else if (now() - transactionEnd >= 0) {
            lost("the transaction took longer than " + settings.timeouts().transaction());
        } else if (isContentUnderWay()) {
            if (pending() != lastPending) {
                allowForReply();
            } else {
                lost("the server took no octet for " + settings.mostSilence());
            }
        } else {
            lost("no answer in time: the reply to " + mine.awaits());
        }
    }

    private long pending() {
        return ContentSending.pending(channel());
    }

    // ---- the end

    private void lost(String text) {
        lost(text, 0);
    }

    /** The connection is of no use any more, for a reason that says nothing about the mail. */
    private void lost(String text, int code) {
        Opening still = opening;
        Exchange mine = exchange;
        Errand hers = errand;
        if (still != null) {
            fail(still.causeOfLoss(), code, text);
        } else if (mine == null || hers == null) {
            end();
        } else if (mine.isMailAnswered() || (isContentSent() && code == 0)) {
            List<Optional<Reply>> soFar = mine.repliesSoFar();
            fail(
                    hers,
                    soFar.stream().allMatch(Optional::isPresent)
                            ? new TransactionResult.Answered(
                                    soFar.stream().map(Optional::orElseThrow).toList(), info())
                            : new TransactionResult.Interrupted(isContentSent(), text, soFar, info()));
        } else if (mails > 0) {
            // It had carried a mail and was dead before this one began: nothing was said about this one.
            sendOverAnother(hers);
        } else {
            fail(hers, new TransactionResult.Unavailable(Cause.CLOSED, code, text, info()));
        }
    }

    private void fail(Cause cause, int code, String text) {
        Errand hers = errand;
        if (hers == null) {
            end();
        } else {
            fail(hers, new TransactionResult.Unavailable(cause, code, text, info()));
        }
    }

    private void fail(Errand hers, TransactionResult result) {
        errand = null;
        try {
            end();
        } finally {
            hers.complete(result);
        }
    }

    /** From any thread. */
    void breakOff(String why) {
        try {
            loop.execute(() -> guarded(() -> lost(why)));
        } catch (RejectedExecutionException e) {
            // The loop has ended, and its channels with it.
            around.pool().gone(this);
        }
    }

    private void sendOverAnother(Errand hers) {
        errand = null;
        try {
            end();
        } finally {
            hers.wantsNew = true;
            around.pool().submit(hers);
        }
    }

    /** Says QUIT and does not wait for the answer; from any thread. */
    void quit() {
        if (!loop.inEventLoop()) {
            try {
                loop.execute(() -> guarded(this::quit));
            } catch (RejectedExecutionException e) {
                // The loop has ended, and its channels with it.
                around.pool().gone(this);
            }
            return;
        }
        if (!isGone && channel().isActive()) {
            write(QUIT);
        }
        end();
    }

    /** Netty and the timers would swallow what is thrown to them, and the mail with it. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            fault(e);
        }
    }

    /** A fault of ours: the mail goes back to the caller as such, and the connection is not trusted any more. */
    private void fault(Throwable fault) {
        Errand hers = errand;
        errand = null;
        try {
            end();
        } finally {
            if (hers == null) {
                Errand.logFault(endpoint, fault);
            } else {
                hers.fault(fault);
            }
        }
    }

    private void end() {
        if (isGone) {
            return;
        }
        isGone = true;
        alarm.clear();
        stopSending();
        exchange = null;
        opening = null;
        if (channel == null) {
            around.pool().gone(this);
        } else if (loop.isShuttingDown()) {
            // Its listeners may not be told any more.
            channel.close();
            around.pool().gone(this);
        } else {
            channel.close()
                    .addListener((ChannelFutureListener) closed -> around.pool().gone(this));
        }
    }

    private void stopSending() {
        ContentSending ended = sending;
        if (ended != null) {
            sending = null;
            ended.stop();
        }
    }

    private boolean isContentSent() {
        return sending != null && sending.isSent();
    }

    private boolean isContentUnderWay() {
        return sending != null && sending.isUnderWay();
    }

    private void write(byte[] octets) {
        ByteBuf buffer = channel().alloc().directBuffer(octets.length).writeBytes(octets);
        channel().writeAndFlush(buffer, channel().voidPromise());
    }

    private SessionInfo info() {
        return new SessionInfo(
                session.tls(), session.isVerified(), session.why(), mails > 0, extensions.has(Extensions.Keyword.DSN));
    }

    private long now() {
        return around.nanoTime().getAsLong();
    }

    private Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("not connected");
        }
        return channel;
    }

    private Opening opening() {
        if (opening == null) {
            throw new IllegalStateException("open already");
        }
        return opening;
    }
}
