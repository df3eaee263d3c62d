package org.relais.smtpclient.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
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
    private final EventLoopGroup group;
    private final Surroundings surroundings;
    private final Pool pool;

    /**
     * @param group of NIO
     * @param blocking reads contents that are not in memory
     * @param nanoTime as {@link System#nanoTime()}
     */
    public NettySmtpClient(
            ClientSettings settings, EventLoopGroup group, Executor blocking, LongSupplier nanoTime, PeerTrust trust) {
        this.group = group;
        this.pool = new Pool(settings, this::make, Connection::connect);
        this.surroundings = new Surroundings(settings, pool, blocking, nanoTime, trust);
    }

    @Override
    public CompletionStage<TransactionResult> send(Endpoint endpoint, Transaction transaction) {
        Errand errand = new Errand(endpoint, transaction, home());
        pool.submit(errand);
        return errand.result();
    }

    private Connection make(Errand errand) {
        return new Connection(surroundings, errand);
    }

    private EventLoop home() {
        for (EventExecutor executor : group) {
            if (executor.inEventLoop() && executor instanceof EventLoop loop) {
                return loop;
            }
        }
        return group.next();
    }

    @Override
    public int connections() {
        return pool.connections();
    }

    @Override
    public void close() {
        for (EventExecutor executor : group) {
            if (executor.inEventLoop()) {
                pool.close(Duration.ZERO);
                return;
            }
        }
        pool.close(surroundings.settings().closing());
    }
}
