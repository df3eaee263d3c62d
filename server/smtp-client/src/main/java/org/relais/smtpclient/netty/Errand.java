package org.relais.smtpclient.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.Transaction;
import org.relais.smtpclient.TransactionResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of send. Its fields belong to whoever holds it: the pool under its lock, or one connection. */
final class Errand {
    private static final Logger LOGGER = LoggerFactory.getLogger(Errand.class);

    final Endpoint endpoint;

    /** What connections are shared by: who asked for the TLS policy makes no difference to them. */
    final Endpoint key;

    final Transaction mail;
    final EventLoop home;
    final CompletableFuture<TransactionResult> result = new CompletableFuture<>();

    /** Not over a connection that was idle: one of them was dead. */
    boolean wantsNew;

    /** Why STARTTLS is not tried again; null: it may be tried. */
    @Nullable
    String whyClear;

    /** Rings when it has waited for room for too long. */
    @Nullable
    ScheduledFuture<?> patience;

    Errand(Endpoint endpoint, Transaction mail, EventLoop home) {
        this.endpoint = endpoint;
        this.key = endpoint.because("");
        this.mail = mail;
        this.home = home;
    }

    InetAddress address() {
        return endpoint.address();
    }

    /** A fault of ours, or of this machine: it says nothing about the mail or the server. */
    void fault(Throwable fault) {
        logFault(endpoint, fault);
        result.completeExceptionally(fault);
    }

    static void logFault(Endpoint endpoint, Throwable fault) {
        LOGGER.error("fault of the SMTP client with {}: {}", endpoint, fault, fault);
    }
}
