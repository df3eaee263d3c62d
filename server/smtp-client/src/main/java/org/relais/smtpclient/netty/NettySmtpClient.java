package org.relais.smtpclient.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.SmtpClient;
import org.relais.smtpclient.Transaction;
import org.relais.smtpclient.TransactionResult;

/**
 * The client on Netty's NIO. A mail is sent on one event loop: the caller's if it has one of the group, and otherwise
 * that of the connection; results are given there. The group and the executor are the caller's, who ends them after this.
 */
public final class NettySmtpClient implements SmtpClient {
    private static final int WATER_LOW = 64 * 1024;
    private static final int WATER_HIGH = 128 * 1024;

    private final EventLoopGroup group;
    private final Connection.Surroundings surroundings;
    private final Pool pool;

    /**
     * @param group of NIO
     * @param blocking reads contents that are not in memory
     * @param nanoTime as {@link System#nanoTime()}
     */
    public NettySmtpClient(
            ClientSettings settings, EventLoopGroup group, Executor blocking, LongSupplier nanoTime, PeerTrust trust) {
        this.group = group;
        this.pool = new Pool(settings, this::open);
        this.surroundings = new Connection.Surroundings(settings, pool, blocking, nanoTime, trust);
    }

    @Override
    public CompletionStage<TransactionResult> send(Endpoint endpoint, Transaction transaction) {
        Errand errand = new Errand(endpoint, transaction, home());
        pool.submit(errand);
        return errand.result;
    }

    private EventLoop home() {
        for (EventExecutor executor : group) {
            if (executor.inEventLoop() && executor instanceof EventLoop loop) {
                return loop;
            }
        }
        return group.next();
    }

    private void open(Errand errand) {
        Endpoint endpoint = errand.endpoint;
        Connection connection = new Connection(surroundings, errand);
        pool.opened(connection);
        long allowed = surroundings.settings().timeouts().connection().toMillis();
        Bootstrap bootstrap = new Bootstrap()
                .group(errand.home)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, Math.min(allowed, Integer.MAX_VALUE)))
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new io.netty.channel.WriteBufferWaterMark(WATER_LOW, WATER_HIGH))
                .handler(connection);
        SocketAddress source = endpoint.identity()
                .source()
                .map(address -> new InetSocketAddress(address, 0))
                .orElse(null);
        InetSocketAddress remote = new InetSocketAddress(endpoint.address(), endpoint.port());
        ChannelFuture connecting = source == null ? bootstrap.connect(remote) : bootstrap.connect(remote, source);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                connection.couldNotConnect(done.cause());
            }
        });
    }

    @Override
    public int connections() {
        return pool.connections();
    }

    @Override
    public void close() {
        pool.close();
    }
}
