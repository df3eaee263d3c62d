package org.relais.access.smtp;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.spool.SpoolException;
import org.relais.spool.mail.DsnRequest;

/** MAIL, RCPT, DATA and BDAT: builds one envelope and leads its content to the intake. Used by one thread at a time. */
final class MailTransaction {
    private final SmtpOptions options;
    private final SmtpServices services;
    private final SessionState session;
    private final HookedCommands hooks;
    private @Nullable Envelope envelope;
    private @Nullable Transfer transfer;
    private @Nullable RefusedChunk refusedChunk;
    /** Why a chunk of this mail was thrown away: what follows must not become a mail without it. */
    private @Nullable Reply firstRefusal;

    /** A chunk that is read to its end and thrown away, so that it is not taken for commands. */
    private static final class RefusedChunk {
        private final Reply reply;
        private long left;

        RefusedChunk(Reply reply, long octets) {
            this.reply = reply;
            this.left = octets;
        }
    }

    MailTransaction(SmtpOptions options, SmtpServices services, SessionState session, HookedCommands hooks) {
        this.options = options;
        this.services = services;
        this.session = session;
        this.hooks = hooks;
    }

    boolean isOpen() {
        return envelope != null;
    }

    /** Whether what the client sends now is content. */
    boolean isReceivingContent() {
        return refusedChunk != null || (transfer != null && transfer.isReceiving());
    }

    /** Whether a mail was handed over whose commit is not yet decided. */
    boolean isCommitting() {
        return transfer != null && transfer.isCommitting();
    }

    void reset() {
        Transfer given = transfer;
        transfer = null;
        envelope = null;
        refusedChunk = null;
        firstRefusal = null;
        hooks.transactionOver();
        if (given != null) {
            given.close();
        }
    }

    Answer mail(String argument) throws Refused {
        if (!session.hasGreeted()) {
            throw new Refused(503, "5.5.1", "Say " + (options.role() == Role.LMTP ? "LHLO" : "EHLO") + " first");
        }
        if (envelope != null) {
            throw new Refused(503, "5.5.1", "A mail transaction is open already");
        }
        PathArgument parsed = PathArgument.parse(argument, "FROM");
        MailPath path = parsed.path().isEmpty() ? MailPath.NULL : pathOf(parsed.path(), "5.1.7");
        try {
            checkSenderMayWrite();
            MailParameters.Declared declared = new MailParameters(
                            options, session.isEncrypted(), hooks.hooks().mailParameters())
                    .check(parsed.parameters());
            if (declared.octets() > 0) {
                checkRoom(declared.octets());
            }
            if (!hooks.concern(HookPoint.MAIL)) {
                return begin(path, declared);
            }
            HookView view = hooks.view(path, null);
            return hooks.ask(
                    () -> hooks.hooks().mail(view, path, parsed.parameters()), () -> begin(path, declared), reply -> {
                        refused("MAIL", path, null, reply);
                        return reply;
                    });
        } catch (Refused e) {
            refused("MAIL", path, null, e.reply());
            throw e;
        }
    }

    private Reply begin(MailPath reversePath, MailParameters.Declared declared) {
        envelope = new Envelope(reversePath, declared);
        firstRefusal = null;
        return Replies.SENDER_OK;
    }

    private void checkSenderMayWrite() throws Refused {
        if (options.role() == Role.SUBMISSION && !session.isAuthenticated()) {
            throw new Refused(
                    530,
                    "5.7.0",
                    session.isEncrypted() ? "Authentication required" : "Authentication required, after STARTTLS");
        }
    }

    Answer rcpt(String argument) throws Refused {
        Envelope open = opened();
        if (transfer != null) {
            throw new Refused(503, "5.5.1", "BDAT was begun");
        }
        PathArgument parsed = PathArgument.parse(argument, "TO");
        String text = "postmaster".equalsIgnoreCase(parsed.path()) ? options.postmaster() : parsed.path();
        MailPath path = pathOf(text, "5.1.3");
        Asked asked = new Asked(path, parsed.parameters(), dsnOf(open, path, parsed.parameters()));
        if (open.accepted() >= options.recipients()) {
            throw recipientRefused(open, path, 452, "4.5.3", "Too many recipients, send the rest in another mail");
        }
        Recipients directory = services.recipients();
        if (!directory.mayBlock()) {
            return judge(open, asked, directory.standingOf(path));
        }
        return new Answer.Elsewhere(() -> {
            Recipients.Standing standing = directory.standingOf(path);
            return () -> {
                try {
                    return judge(open, asked, standing);
                } catch (Refused e) {
                    return e.reply();
                }
            };
        });
    }

    /** A forward-path as the client asks for it. */
    private record Asked(MailPath path, Map<String, String> parameters, DsnRequest dsn) {}

    private DsnRequest dsnOf(Envelope open, MailPath path, Map<String, String> parameters) throws Refused {
        try {
            return DsnParameters.ofRecipient(parameters, hooks.hooks().rcptParameters());
        } catch (Refused e) {
            throw new Refused(recipientRefused(open, path, e.reply()));
        }
    }

    private Answer judge(Envelope open, Asked asked, Recipients.Standing standing) throws Refused {
        MailPath path = asked.path();
        // RFC 5321 §4.5.1: postmaster is known at every domain that is ours.
        boolean isPostmaster = "postmaster".equalsIgnoreCase(path.localPart());
        if (standing == Recipients.Standing.UNKNOWN && !isPostmaster) {
            throw recipientRefused(open, path, 550, "5.1.1", "No such user here");
        }
        if (standing == Recipients.Standing.FOREIGN
                && !session.mayRelay()
                && !path.address().equalsIgnoreCase(options.postmaster())) {
            throw recipientRefused(open, path, 550, "5.7.1", "Relaying not permitted");
        }
        if (!hooks.concern(HookPoint.RCPT)) {
            return accept(open, asked);
        }
        // Behind our own checks: a plug-in cannot open the relay, and is not asked about what is refused anyway.
        HookView view = hooks.view(open.reversePath(), open);
        return hooks.ask(
                () -> hooks.hooks().rcpt(view, path, asked.parameters()),
                () -> accept(open, asked),
                reply -> recipientRefused(open, path, reply));
    }

    private static Reply accept(Envelope open, Asked asked) {
        open.accept(asked.path(), asked.dsn());
        return Replies.RECIPIENT_OK;
    }

    private Refused recipientRefused(Envelope open, MailPath path, int code, String status, String text) {
        return new Refused(recipientRefused(open, path, Reply.of(code, status, text)));
    }

    private Reply recipientRefused(Envelope open, MailPath path, Reply reply) {
        open.refusedOne();
        refused("RCPT", open.reversePath(), path, reply);
        return reply;
    }

    private MailPath pathOf(String text, String status) throws Refused {
        return MailPath.parse(text)
                .filter(services.recipients()::isUsable)
                .orElseThrow(() -> new Refused(501, status, "Syntax error in the address"));
    }

    Reply data(String argument) throws Refused {
        Envelope open = opened();
        if (transfer != null) {
            throw new Refused(503, "5.5.1", "BDAT was begun, DATA must not be mixed with it");
        }
        if (!argument.isEmpty()) {
            throw new Refused(501, "5.5.4", "DATA takes no argument");
        }
        transfer = begin(open, false, open.declared().octets());
        return Replies.SEND_DATA;
    }

    Answer bdat(String argument) throws Refused {
        ChunkArgument chunk = ChunkArgument.parse(argument);
        try {
            Envelope open = opened();
            Transfer receiving = transfer;
            if (receiving == null) {
                receiving = begin(open, true, Math.max(open.declared().octets(), chunk.octets()));
                transfer = receiving;
            }
            return receiving.beginChunk(chunk);
        } catch (Refused e) {
            return refuse(chunk, e.reply());
        }
    }

    private Answer refuse(ChunkArgument chunk, Reply reply) {
        if (chunk.isLast()) {
            reset();
        } else if (firstRefusal == null) {
            firstRefusal = reply;
        }
        if (chunk.octets() == 0) {
            return reply;
        }
        refusedChunk = new RefusedChunk(reply, chunk.octets());
        return Answer.NOTHING;
    }

    private Transfer begin(Envelope open, boolean isChunked, long octets) throws Refused {
        // Repeated: a client that pipelined its chunks and heeds the last reply only must not take 452 for a bounce.
        if (firstRefusal != null) {
            throw new Refused(firstRefusal);
        }
        if (open.accepted() == 0) {
            throw open.hasRefusedOne() && options.role() != Role.LMTP
                    ? new Refused(554, "5.5.1", "No valid recipients")
                    : new Refused(503, "5.5.1", "Say RCPT first");
        }
        try {
            checkRoom(Math.min(octets, options.messageOctets()));
        } catch (Refused e) {
            refused(isChunked ? "BDAT" : "DATA", open.reversePath(), null, e.reply());
            throw e;
        }
        return new Transfer(options, services, session, hooks, open, isChunked, this::reset);
    }

    /** Takes content; {@link #isReceivingContent()} must hold. */
    Answer receive(ByteBuffer input) {
        RefusedChunk discarded = refusedChunk;
        if (discarded != null) {
            int count = (int) Math.min(discarded.left, input.remaining());
            input.position(input.position() + count);
            discarded.left -= count;
            if (discarded.left > 0) {
                return Answer.NOTHING;
            }
            refusedChunk = null;
            return discarded.reply;
        }
        Transfer receiving = transfer;
        if (receiving == null) {
            throw new IllegalStateException("neither DATA nor BDAT was accepted");
        }
        return receiving.receive(input);
    }

    /** The connection is lost. What was handed over is not given up. */
    void abandon() {
        giveUpJudging();
        if (isCommitting()) {
            return;
        }
        if (transfer != null) {
            transfer.connectionLost();
        }
        reset();
    }

    /** Plug-ins that still look at the mail do so in vain: nobody waits for the reply any more. */
    void giveUpJudging() {
        if (transfer != null) {
            transfer.giveUpJudging();
        }
    }

    private Envelope opened() throws Refused {
        Envelope open = envelope;
        if (open == null) {
            throw new Refused(503, "5.5.1", "Say MAIL first");
        }
        return open;
    }

    private void checkRoom(long octets) throws Refused {
        try {
            services.intake().checkRoom(octets);
        } catch (SpoolException e) {
            throw new Refused(IntakeFailure.reply("session " + session.id(), e));
        }
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
