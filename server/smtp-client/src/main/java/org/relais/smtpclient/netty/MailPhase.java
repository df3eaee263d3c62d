package org.relais.smtpclient.netty;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.relais.model.Reply;
import org.relais.smtpclient.ClientSettings;
import org.relais.smtpclient.SessionInfo;
import org.relais.smtpclient.TransactionResult;
import org.relais.smtpclient.TransactionResult.Cause;
import org.relais.smtpclient.protocol.DotStuffing;
import org.relais.smtpclient.protocol.Exchange;
import org.relais.smtpclient.protocol.NotSmtpException;

/**
 * One transaction under way on a connection: commands, content, replies, and the deadlines of RFC 5321 §4.5.3.2. Its end
 * says what became of the mail and whether the connection can carry another. On the event loop only.
 */
final class MailPhase implements Phase {
    private final Connection connection;
    private final Errand errand;
    private final Wire wire;
    private final Session session;
    private final Surroundings around;
    private final Exchange exchange;
    private final ContentSending sending;
    private final long mostAt;
    private long lastPending;

    MailPhase(Connection connection, Errand errand, Wire wire, Session session, Surroundings around) {
        this.connection = connection;
        this.errand = errand;
        this.wire = wire;
        this.session = session;
        this.around = around;
        this.exchange = new Exchange(
                errand.mail,
                session.extensions(),
                errand.endpoint.protocol(),
                session.needsReset(),
                errand.mail.content().size() <= ContentSending.SMALL && session.isFresh(wire.now()));
        this.sending = new ContentSending(
                wire.channel(), errand.mail.content(), this::allowForReply, connection::broke, connection::fault);
        this.mostAt = wire.now() + around.settings().timeouts().transaction().toNanos();
    }

    @Override
    public void start() {
        perform(exchange.start());
    }

    private void perform(Exchange.Step step) {
        if (step.content() != Exchange.Content.NONE) {
            DotStuffing dots = step.content() == Exchange.Content.DOTTED ? new DotStuffing() : null;
            sending.start(step.commands(), dots, around.blocking());
            if (sending.isSent()) {
                return; // allowForReply() was its last word
            }
        } else if (step.commands().length > 0) {
            wire.write(step.commands());
        }
        allowForReply();
    }

    @Override
    public void onReply(Reply reply, boolean isMoreBehind) throws NotSmtpException {
        Exchange.Step step = exchange.onReply(reply, sending.isSent());
        if (!exchange.isOver()) {
            perform(step);
        } else if (!exchange.isMailAnswered()) {
            onLost(exchange.refusal().text(), exchange.refusal().code());
        } else {
            finish(isMoreBehind);
        }
    }

    // ---- the end

    private void finish(boolean isMoreBehind) {
        List<Reply> replies = exchange.replies();
        SessionInfo used = session.info();
        boolean isFit = exchange.isReusable() && !sending.isUnderWay() && !isMoreBehind;
        session.mailAnswered(exchange.needsReset());
        boolean isSpent = !isFit || session.isSpent(around.settings().mailsPerConnection());
        connection.transactionOver();
        if (errand.hasMoreThan(replies)) {
            if (isSpent && isFit) {
                wire.writeQuit();
            }
            goOn(replies.get(replies.size() - 1), isSpent);
            return;
        }
        try {
            connection.mailOver(isFit, isSpent);
        } finally {
            errand.complete(new TransactionResult.Answered(replies, used));
        }
    }

    /** The recipients for whom LIMITS left no room, in a transaction of their own (RFC 9422 §4.2). */
    private void goOn(Reply last, boolean isSpent) {
        if (last.code() == 421) {
            // To come back at once is not what it asked for.
            connection.fail(
                    errand,
                    new TransactionResult.Answered(
                            Collections.nCopies(errand.mail.recipients().size(), last), session.info()));
        } else if (isSpent) {
            connection.sendOverAnother(errand);
        } else {
            session.idleFrom(wire.now());
            connection.begin(errand);
        }
    }

    @Override
    public void onLost(String text, int code) {
        boolean isInDoubt = sending.isSent();
        if (exchange.isMailAnswered() || (isInDoubt && code == 0)) {
            List<Optional<Reply>> soFar = exchange.repliesSoFar();
            connection.fail(
                    errand,
                    soFar.stream().allMatch(Optional::isPresent)
                            ? new TransactionResult.Answered(
                                    soFar.stream().map(Optional::orElseThrow).toList(), session.info())
                            : new TransactionResult.Interrupted(isInDoubt, text, soFar, session.info()));
        } else if (session.hasCarriedAMail()) {
            // It had carried a mail and was dead before this one began: nothing was said about this one.
            connection.sendOverAnother(errand);
        } else {
            connection.fail(errand, new TransactionResult.Unavailable(Cause.CLOSED, code, text, session.info()));
        }
    }

    @Override
    public void onWritable() {
        sending.goOn();
    }

    @Override
    public void stop() {
        sending.stop();
    }

    // ---- deadlines

    private void allowForReply() {
        if (connection.isGone()) {
            return;
        }
        Duration time = sending.isUnderWay() ? around.settings().mostSilence() : timeForReply();
        lastPending = wire.pending();
        long at = wire.now() + time.toNanos();
        wire.allowUntil(at - mostAt > 0 ? mostAt : at);
    }

    private Duration timeForReply() {
        return switch (exchange.awaits()) {
            case RSET, NOTHING -> timeouts().command();
            case MAIL -> timeouts().mail();
            case RCPT -> timeouts().recipient();
            case DATA -> timeouts().data();
            case END -> timeouts().end();
        };
    }

    @Override
    public void onDue() {
        if (wire.now() - mostAt >= 0) {
            onLost("the transaction took longer than " + timeouts().transaction(), 0);
        } else if (!sending.isUnderWay()) {
            onLost("no answer in time: the reply to " + exchange.awaits(), 0);
        } else if (wire.pending() != lastPending) {
            allowForReply();
        } else {
            onLost("the server took no octet for " + around.settings().mostSilence(), 0);
        }
    }

    private ClientSettings.Timeouts timeouts() {
        return around.settings().timeouts();
    }
}
