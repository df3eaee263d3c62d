package org.relais.access.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.NonStickyEventExecutorGroup;
import io.netty.util.concurrent.UnorderedThreadPoolEventExecutor;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads and sockets of every listener of the process.
 *
 * <p>Promises: one set of event loops, which never run what blocks; one bounded set of session threads for what does
 * ({@link #sessionExecutor()}: tasks of one channel run in order, one at a time, on whichever thread is free, so that a
 * slow session holds up no other). James makes both anew for each listener, 60 threads in all.
 *
 * <p>The session threads' queue has no bound of its own: it holds as many tasks as there are connections with work, and
 * those are bounded by each listener's limits.
 */
public final class ListenerTransport implements AutoCloseable {
    /** The name of the TLS handler in a pipeline; the one James's handlers look for. */
    public static final String TLS_HANDLER = "sslHandler";

    private static final Logger LOGGER = LoggerFactory.getLogger(ListenerTransport.class);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final int BACKLOG = 512;

    private final EventLoopGroup acceptors = new NioEventLoopGroup(1, new DefaultThreadFactory("relais-accept"));
    private final EventLoopGroup loops;
    private final UnorderedThreadPoolEventExecutor sessionThreads;
    private final EventExecutorGroup sessionExecutor;
    private final List<BoundListener> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param eventLoops threads for sockets and TLS, at least 1
     * @param sessionThreads threads for what blocks, at least 1
     */
    public ListenerTransport(int eventLoops, int sessionThreads) {
        this.loops = new NioEventLoopGroup(eventLoops, new DefaultThreadFactory("relais-io"));
        this.sessionThreads =
                new UnorderedThreadPoolEventExecutor(sessionThreads, new DefaultThreadFactory("relais-session"));
        this.sessionExecutor = new NonStickyEventExecutorGroup(this.sessionThreads);
    }

    /** For what blocks: {@code next()} gives an executor that runs its tasks one after the other, in order. */
    public EventExecutorGroup sessionExecutor() {
        return sessionExecutor;
    }

    /**
     * Opens a listener.
     *
     * @param tls needed unless the listener's mode is {@link TlsMode#NONE}
     * @throws ListenException names the listener and what is wrong
     */
    public BoundListener bind(ListenerOptions options, @Nullable TlsContext tls, SessionInitializer sessions)
            throws ListenException {
        if (tls == null && options.tls() != TlsMode.NONE) {
            throw new IllegalArgumentException("listener " + options.name() + " has TLS but no certificate");
        }
        ChannelGroup connections = BoundListener.newConnections();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptors, loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new Opening(options, tls, sessions, connections));
        InetSocketAddress address = new InetSocketAddress(options.address(), options.port());
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        @Nullable Throwable failure = bound.cause();
        if (failure != null) {
            throw new ListenException(
                    "listener " + options.name() + " cannot listen on "
                            + options.address().getHostAddress() + ":" + options.port() + ": " + failure.getMessage(),
                    failure);
        }
        BoundListener listener = new BoundListener(options, bound.channel(), connections);
        listeners.add(listener);
        return listener;
    }

    /** Drains all listeners side by side, within one bound; see {@link BoundListener#drain}. */
    public void drain(Duration bound) {
        long deadline = System.nanoTime() + bound.toNanos();
        listeners.forEach(BoundListener::beginDrain);
        listeners.forEach(listener -> listener.endDrain(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    /** Closes what is still open, at once, and ends the threads. */
    @Override
    public void close() {
        drain(Duration.ZERO);
        // The loops first: the last thing they do is to tell the sessions that their connections are gone.
        acceptors.shutdownGracefully(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        loops.shutdownGracefully(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE.toMillis());
        sessionThreads
                .shutdownGracefully(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE.toMillis());
    }

    /** Prepares one connection: limits, PROXY preface, implicit TLS, then the protocol. */
    private static final class Opening extends ChannelInitializer<SocketChannel> {
        private final ListenerOptions options;
        private final @Nullable TlsContext tls;
        private final SessionInitializer sessions;
        private final ChannelGroup connections;
        private final ConnectionLimits limits;

        Opening(
                ListenerOptions options,
                @Nullable TlsContext tls,
                SessionInitializer sessions,
                ChannelGroup connections) {
            this.options = options;
            this.tls = tls;
            this.sessions = sessions;
            this.connections = connections;
            this.limits = new ConnectionLimits(options.limits());
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            Optional<Refusal> refusal = limits.open();
            if (refusal.isPresent()) {
                refuse(channel, refusal.get());
                return;
            }
            channel.closeFuture().addListener(closed -> limits.close());
            connections.add(channel);
            if (Network.anyContains(options.proxyFrom(), channel.remoteAddress().getAddress())) {
                channel.pipeline()
                        .addLast(
                                new HAProxyMessageDecoder(),
                                new ProxyPreface(options.name(), client -> begin(channel, client)));
            } else {
                begin(channel, channel.remoteAddress());
            }
        }

        private void begin(SocketChannel channel, InetSocketAddress client) {
            ClientAddress.set(channel, client);
            Optional<Refusal> refusal = limits.openFor(client.getAddress());
            if (refusal.isPresent()) {
                refuse(channel, refusal.get());
                return;
            }
            channel.closeFuture().addListener(closed -> limits.closeFor(client.getAddress()));
            if (options.tls() == TlsMode.IMPLICIT && tls != null) {
                channel.pipeline().addLast(TLS_HANDLER, tls.newHandler(channel.alloc()));
            }
            sessions.initSession(channel);
        }

        private void refuse(Channel channel, Refusal refusal) {
            LOGGER.warn(
                    "listener {}: connection of {} refused: {}",
                    options.name(),
                    ClientAddress.of(channel).getAddress().getHostAddress(),
                    refusal);
            String farewell = options.tls() == TlsMode.IMPLICIT ? "" : sessions.farewell(refusal);
            channel.config().setAutoRead(false);
            channel.writeAndFlush(Unpooled.copiedBuffer(farewell, StandardCharsets.US_ASCII))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
