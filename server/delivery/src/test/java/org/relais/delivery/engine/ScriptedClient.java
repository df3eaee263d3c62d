package org.relais.delivery.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.relais.model.EnhancedStatus;
import org.relais.model.Reply;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.SessionInfo;
import org.relais.smtpclient.SmtpClient;
import org.relais.smtpclient.Transaction;
import org.relais.smtpclient.TransactionResult;

/** Servers that answer as the test says, without sockets. */
final class ScriptedClient implements SmtpClient {
    private final List<Transaction> sent = Collections.synchronizedList(new ArrayList<>());
    private final List<CompletableFuture<TransactionResult>> open = Collections.synchronizedList(new ArrayList<>());
    private volatile BiFunction<Endpoint, Transaction, TransactionResult> script = (endpoint, mail) -> accepted(mail);
    private volatile boolean isSilent;
    private volatile Supplier<CompletionStage<TransactionResult>> fault;

    ScriptedClient answers(BiFunction<Endpoint, Transaction, TransactionResult> changed) {
        script = changed;
        return this;
    }

    /** As if it had a bug, that shows at once, or in what it promised. */
    void fails(boolean isLate, RuntimeException bug) {
        fault = () -> {
            if (isLate) {
                return CompletableFuture.failedFuture(bug);
            }
            throw bug;
        };
    }

    /** From now on nothing is answered before {@link #speak}. */
    void fallSilent() {
        isSilent = true;
    }

    void speak() {
        isSilent = false;
        List<CompletableFuture<TransactionResult>> waiting;
        synchronized (open) {
            waiting = List.copyOf(open);
            open.clear();
        }
        waiting.forEach(one -> one.complete(unavailable("too late")));
    }

    static TransactionResult accepted(Transaction mail) {
        return answered(mail.recipients().stream()
                .map(recipient -> Reply.of(250, "2.0.0 taken"))
                .toList());
    }

    static TransactionResult answered(List<Reply> replies) {
        return answered(replies, true);
    }

    static TransactionResult answered(List<Reply> replies, boolean takesDsn) {
        return new TransactionResult.Answered(replies, new SessionInfo("none", false, "not offered", false, takesDsn));
    }

    static TransactionResult unavailable(String text) {
        return new TransactionResult.Unavailable(TransactionResult.Cause.CONNECT, 0, text, SessionInfo.NONE);
    }

    static TransactionResult unsendable() {
        return new TransactionResult.Unsendable(new EnhancedStatus(5, 6, 3), "5.6.3 no 8BITMIME", SessionInfo.NONE);
    }

    List<Transaction> sent() {
        synchronized (sent) {
            return List.copyOf(sent);
        }
    }

    List<String> recipients() {
        return sent().stream()
                .flatMap(mail -> mail.recipients().stream())
                .map(Transaction.Recipient::forwardPath)
                .toList();
    }

    @Override
    public CompletionStage<TransactionResult> send(Endpoint endpoint, Transaction transaction) {
        sent.add(transaction);
        if (fault != null) {
            return fault.get();
        }
        if (isSilent) {
            CompletableFuture<TransactionResult> never = new CompletableFuture<>();
            open.add(never);
            return never;
        }
        return CompletableFuture.completedFuture(script.apply(endpoint, transaction));
    }

    @Override
    public int connections() {
        return 0;
    }

    @Override
    public void close() {}
}
