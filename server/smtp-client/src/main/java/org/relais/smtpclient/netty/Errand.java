package org.relais.smtpclient.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.Transaction;
import org.relais.smtpclient.TransactionResult;

/** One call of send. Its fields belong to whoever holds it: the pool under its lock, or one connection. */
final class Errand {
    final Endpoint endpoint;
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
        this.mail = mail;
        this.home = home;
    }
}
