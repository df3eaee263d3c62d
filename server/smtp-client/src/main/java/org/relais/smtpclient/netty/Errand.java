package org.relais.smtpclient.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.relais.model.Reply;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.SessionInfo;
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

    /** With the recipients that are not answered. */
    Transaction mail;

    final EventLoop home;
    private final CompletableFuture<TransactionResult> result = new CompletableFuture<>();

    /** To the recipients before those of {@link #mail}; most mails need one transaction, and have none. */
    private final List<Reply> earlier = new ArrayList<>(0);

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

    InetSocketAddress address() {
        return endpoint.place();
    }

    CompletionStage<TransactionResult> result() {
        return result;
    }

    /** Replies to the first recipients of the mail: whether others are left, who need another transaction. */
    boolean hasMoreThan(List<Reply> replies) {
        int count = replies.size();
        if (count == mail.recipients().size()) {
            return false;
        }
        earlier.addAll(replies);
        mail = new Transaction(
                mail.reversePath(),
                mail.recipients().subList(count, mail.recipients().size()),
                mail.content(),
                mail.ret(),
                mail.envid(),
                mail.needsSmtpUtf8());
        return true;
    }

    /** @param last of the last transaction */
    void complete(TransactionResult last) {
        result.complete(earlier.isEmpty() ? last : whole(last));
    }

    private TransactionResult whole(TransactionResult last) {
        if (last instanceof TransactionResult.Answered answered) {
            List<Reply> all = new ArrayList<>(earlier);
            all.addAll(answered.replies());
            return new TransactionResult.Answered(all, last.session());
        } else if (last instanceof TransactionResult.Interrupted interrupted) {
            return interrupted(interrupted.isInDoubt(), interrupted.text(), interrupted.replies(), last.session());
        } else if (last instanceof TransactionResult.Unavailable unavailable) {
            return interrupted(false, unavailable.text(), undecided(), last.session());
        }
        return interrupted(false, ((TransactionResult.Unsendable) last).text(), undecided(), last.session());
    }

    private TransactionResult interrupted(
            boolean isInDoubt, String text, List<Optional<Reply>> rest, SessionInfo session) {
        List<Optional<Reply>> all = new ArrayList<>();
        earlier.forEach(reply -> all.add(Optional.of(reply)));
        all.addAll(rest);
        return new TransactionResult.Interrupted(isInDoubt, text, all, session);
    }

    private List<Optional<Reply>> undecided() {
        return Collections.nCopies(mail.recipients().size(), Optional.empty());
    }

    /** A fault of ours, or of this machine: it says nothing about the mail or the server. */
    void fault(Throwable fault) {
        logFault(endpoint, fault);
        if (earlier.isEmpty()) {
            result.completeExceptionally(fault);
        } else {
            // What the server has taken must not be sent again for that.
            result.complete(interrupted(false, "fault: " + fault, undecided(), SessionInfo.NONE));
        }
    }

    static void logFault(Endpoint endpoint, Throwable fault) {
        LOGGER.error("fault of the SMTP client with {}: {}", endpoint, fault, fault);
    }
}
