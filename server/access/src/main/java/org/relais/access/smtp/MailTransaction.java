package org.relais.access.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MAIL, RCPT and DATA: builds one envelope and takes its content. Used by one thread at a time. */
final class MailTransaction {
    private static final Logger LOGGER = LoggerFactory.getLogger(MailTransaction.class);

    private final SmtpOptions options;
    private final SmtpServices services;
    private final SessionState session;
    private @Nullable MailPath reversePath;
    private boolean eightBit;
    /** One entry for each RCPT that was answered 250: LMTP answers each of them again (RFC 2033 §4.2). */
    private final List<MailPath> accepted = new ArrayList<>();

    private final Map<String, MailPath> forwardPaths = new LinkedHashMap<>();
    private boolean anyRecipientRefused;
    private @Nullable MailData data;
    private Instant receivedAt = Instant.EPOCH;

    MailTransaction(SmtpOptions options, SmtpServices services, SessionState session) {
        this.options = options;
        this.services = services;
        this.session = session;
    }

    boolean isOpen() {
        return reversePath != null;
    }

    boolean isReceivingData() {
        return data != null;
    }

    void reset() {
        if (data != null) {
            data.close();
            data = null;
        }
        reversePath = null;
        eightBit = false;
        accepted.clear();
        forwardPaths.clear();
        anyRecipientRefused = false;
    }

    Reply mail(String argument) throws Refused {
        if (!session.hasGreeted()) {
            throw new Refused(503, "5.5.1", "Say " + (options.role() == Role.LMTP ? "LHLO" : "EHLO") + " first");
        }
        if (reversePath != null) {
            throw new Refused(503, "5.5.1", "A mail transaction is open already");
        }
        PathArgument parsed = PathArgument.parse(argument, "FROM");
        MailPath path = parsed.path().isEmpty() ? MailPath.NULL : pathOf(parsed.path(), "5.1.7");
        try {
            checkSenderMayWrite();
            eightBit = new MailParameters(options, session.isEncrypted()).check(parsed.parameters());
        } catch (Refused e) {
            refused("MAIL", path, null, e.reply());
            throw e;
        }
        reversePath = path;
        return Reply.of(250, "2.1.0", "Ok");
    }

    private void checkSenderMayWrite() throws Refused {
        if (options.role() == Role.SUBMISSION && !session.isAuthenticated()) {
            throw new Refused(
                    530,
                    "5.7.0",
                    session.isEncrypted() ? "Authentication required" : "Authentication required, after STARTTLS");
        }
    }

    Reply rcpt(String argument) throws Refused {
        if (reversePath == null) {
            throw new Refused(503, "5.5.1", "Say MAIL first");
        }
        PathArgument parsed = PathArgument.parse(argument, "TO");
        String text = "postmaster".equalsIgnoreCase(parsed.path()) ? options.postmaster() : parsed.path();
        MailPath path = pathOf(text, "5.1.3");
        try {
            if (!parsed.parameters().isEmpty()) {
                throw new Refused(555, "5.5.4", "Unknown RCPT parameter");
            }
            if (accepted.size() >= options.recipients()) {
                throw new Refused(452, "4.5.3", "Too many recipients, send the rest in another mail");
            }
            checkRecipient(path);
        } catch (Refused e) {
            anyRecipientRefused = true;
            refused("RCPT", reversePath, path, e.reply());
            throw e;
        }
        accepted.add(path);
        forwardPaths.putIfAbsent(path.localPart() + "@" + path.domain().toLowerCase(Locale.ROOT), path);
        return Reply.of(250, "2.1.5", "Ok");
    }

    private void checkRecipient(MailPath path) throws Refused {
        Recipients.Standing standing = services.recipients().standingOf(path);
        // RFC 5321 §4.5.1: postmaster is known at every domain that is ours.
        boolean isPostmaster = "postmaster".equalsIgnoreCase(path.localPart());
        if (standing == Recipients.Standing.UNKNOWN && !isPostmaster) {
            throw new Refused(550, "5.1.1", "No such user here");
        }
        if (standing == Recipients.Standing.FOREIGN
                && !session.mayRelay()
                && !path.address().equalsIgnoreCase(options.postmaster())) {
            throw new Refused(550, "5.7.1", "Relaying not permitted");
        }
    }

    private MailPath pathOf(String text, String status) throws Refused {
        return MailPath.parse(text)
                .filter(services.recipients()::isUsable)
                .orElseThrow(() -> new Refused(501, status, "Syntax error in the address"));
    }

    Reply data(String argument) throws Refused {
        if (reversePath == null) {
            throw new Refused(503, "5.5.1", "Say MAIL first");
        }
        if (!argument.isEmpty()) {
            throw new Refused(501, "5.5.4", "DATA takes no argument");
        }
        if (accepted.isEmpty()) {
            boolean lmtp = options.role() == Role.LMTP;
            throw anyRecipientRefused && !lmtp
                    ? new Refused(554, "5.5.1", "No valid recipients")
                    : new Refused(503, "5.5.1", "Say RCPT first");
        }
        QueueId id = services.queueIds().next();
        receivedAt = services.clock().instant();
        String trace = ReceivedField.of(session.facts(), options.hostname(), id, paths(), receivedAt);
        try {
            data = new MailData(id, services.intake().open(id), trace, options);
        } catch (IOException e) {
            LOGGER.error("{}: no place for the content", id, e);
            Reply reply = Reply.of(452, "4.3.1", "Insufficient system storage");
            refused("DATA", reversePath, null, reply);
            throw new Refused(reply);
        }
        return Reply.plain(354, "End data with <CR><LF>.<CR><LF>");
    }

    /** Takes content; when it is complete, the replies to it: one, or in LMTP one for each accepted RCPT. */
    List<Reply> receive(ByteBuffer input) {
        MailData receiving = data;
        if (receiving == null) {
            throw new IllegalStateException("no DATA was accepted");
        }
        receiving.receive(input);
        if (!receiving.isComplete()) {
            return List.of();
        }
        int replies = options.role() == Role.LMTP ? accepted.size() : 1;
        try {
            return Collections.nCopies(replies, finish(receiving));
        } finally {
            reset();
        }
    }

    private Reply finish(MailData received) {
        Reply reply = received.fault().orElseGet(() -> commit(received));
        MailEvent.Builder event = session.event(reply.isPositive() ? MailEventKind.RECEIVED : MailEventKind.REFUSED)
                .queueId(received.id())
                .reversePath(sender().address())
                .forwardPaths(paths().stream().map(MailPath::address).toList())
                .with(EventField.SIZE, received.octets());
        if (!reply.isPositive()) {
            event.with(EventField.REASON, "DATA")
                    .with(EventField.REPLY, reply.summary())
                    .with(EventField.STATUS, reply.status());
        }
        services.events().record(event.build());
        return reply;
    }

    private Reply commit(MailData received) {
        try {
            received.commit(new ReceivedMail(
                    received.id(), sender(), paths(), session.facts(), receivedAt, received.octets(), eightBit));
            return Reply.of(250, "2.0.0", "Ok: queued as " + received.id());
        } catch (IOException | RuntimeException e) {
            LOGGER.error(
                    "{}: the mail could not be put into the spool; the client was told to try again", received.id(), e);
            return Reply.of(451, "4.3.0", "Local problem, try again later");
        }
    }

    /** The connection is lost: what had arrived is thrown away; the client keeps the mail. */
    void abandon(String why) {
        if (data != null) {
            services.events()
                    .record(session.event(MailEventKind.REFUSED)
                            .queueId(data.id())
                            .reversePath(sender().address())
                            .forwardPaths(
                                    paths().stream().map(MailPath::address).toList())
                            .with(EventField.SIZE, data.octets())
                            .with(EventField.REASON, why)
                            .build());
        }
        reset();
    }

    private MailPath sender() {
        return reversePath == null ? MailPath.NULL : reversePath;
    }

    private List<MailPath> paths() {
        return List.copyOf(forwardPaths.values());
    }

    private void refused(String command, MailPath from, @Nullable MailPath to, Reply reply) {
        services.events()
                .record(session.event(MailEventKind.REFUSED)
                        .reversePath(from.address())
                        .forwardPaths(to == null ? List.of() : List.of(to.address()))
                        .with(EventField.REASON, command)
                        .with(EventField.REPLY, reply.summary())
                        .with(EventField.STATUS, reply.status())
                        .build());
    }
}
