package org.relais.access.transport;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;

/** An open listener with its connections. Safe for use by many threads. */
public final class BoundListener {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final ListenerOptions options;
    private final Channel acceptor;
    private final ChannelGroup connections;

    BoundListener(ListenerOptions options, Channel acceptor, ChannelGroup connections) {
        this.options = options;
        this.acceptor = acceptor;
        this.connections = connections;
    }

    static ChannelGroup newConnections() {
        return new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    }

    public ListenerOptions options() {
        return options;
    }

    /** Where it really listens: the port is never 0. */
    public InetSocketAddress address() {
        return (InetSocketAddress) acceptor.localAddress();
    }

    public int openConnections() {
        return connections.size();
    }

    public boolean isOpen() {
        return acceptor.isOpen();
    }

    /**
     * Stops accepting, asks every session to end ({@link Drain}), waits at most {@code bound} and closes the rest.
     * Does nothing when called again.
     */
    public void drain(Duration bound) {
        beginDrain();
        endDrain(bound);
    }

    void beginDrain() {
        acceptor.close().awaitUninterruptibly();
        connections.forEach(channel ->
                channel.eventLoop().execute(() -> channel.pipeline().fireUserEventTriggered(Drain.REQUESTED)));
    }

    void endDrain(Duration bound) {
        connections.newCloseFuture().awaitUninterruptibly(bound.toMillis());
        // Also what was accepted in the last moment and is not yet in the group: the group closes what it is given now.
        connections.close().awaitUninterruptibly(CLOSE.toMillis());
    }
}
