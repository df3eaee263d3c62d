package org.relais.spool.james;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.PerRecipientHeaders;
import org.apache.mailet.PerRecipientHeaders.Header;
import org.jspecify.annotations.Nullable;
import org.relais.model.QueueId;
import org.relais.spool.Claim;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.MessageContent;
import org.relais.spool.MessageId;
import org.relais.spool.OpaqueState;
import org.relais.spool.PendingMessage;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.Stage;
import org.relais.spool.mail.Addressee;
import org.relais.spool.mail.DsnRequest;
import org.relais.spool.mail.MailState;
import org.relais.spool.mail.StoredMail;

/**
 * Makes James's mails from envelopes and envelopes from mails. Envelopes of one message, stage and reverse-path with the
 * same {@link MailState}, apart from what is for their own forward-path ({@link MailState#common}), are one mail. Safe for use by many threads.
 */
public final class SpoolMails {
    private final Function<String, QueueId> queueIds;

    /** @param queueIds the queue id that a mail of that name was accepted under */
    public SpoolMails(Function<String, QueueId> queueIds) {
        this.queueIds = queueIds;
    }

    // ------------------------------------------------------------------ from the spool

    /** Each group is one mail; in the order in which their first envelopes stand. */
    public List<List<Claim>> groups(List<Claim> claims) {
        return grouped(claims, Claim::envelope);
    }

    <T> List<List<T>> grouped(List<T> items, Function<T, Envelope> envelopeOf) {
        Map<OpaqueState, OpaqueState> known = new HashMap<>();
        Map<Group, List<T>> groups = new LinkedHashMap<>();
        for (T item : items) {
            Envelope envelope = envelopeOf.apply(item);
            EnvelopeDetails details = envelope.details();
            OpaqueState common = known.computeIfAbsent(details.state(), state -> common(details));
            groups.computeIfAbsent(
                            new Group(
                                    envelope.message(),
                                    details.stage(),
                                    details.queueId(),
                                    details.reversePath(),
                                    common),
                            group -> new ArrayList<>())
                    .add(item);
        }
        return List.copyOf(groups.values());
    }

    private record Group(
            MessageId message, Stage stage, QueueId queueId, String reversePath, OpaqueState commonState) {}

    private static OpaqueState common(EnvelopeDetails details) {
        try {
            MailState state = MailState.of(details);
            MailState common = state.common();
            return common.equals(state) ? details.state() : common.encode();
        } catch (IllegalArgumentException e) {
            // Not a mail's: whoever makes a mail of it is told so, and the others pass by.
            return details.state();
        }
    }

    /**
     * The mail of a group, to be disposed of. Its message reads {@code content}, which has to stay until then.
     *
     * @throws MessagingException if an address is none to James
     * @throws IllegalArgumentException if the state is not one of a mail
     */
    public MailImpl mail(List<Envelope> group, MessageContent content) throws MessagingException {
        List<Addressee> addressees = new ArrayList<>(group.size());
        Map<String, DsnRequest> requests = new LinkedHashMap<>();
        for (Envelope envelope : group) {
            MailState state = MailState.of(envelope.details());
            String forwardPath = envelope.details().forwardPath();
            addressees.add(new Addressee(forwardPath, state.ownFields()));
            requests.put(forwardPath, state.dsn());
        }
        EnvelopeDetails first = group.get(0).details();
        MailImpl mail = mail(new StoredMail(MailState.of(first), addressees, List.of()), first.reversePath(), content);
        DsnAttributes.show(mail, requests);
        return mail;
    }

    /**
     * The mail of that state, to be disposed of, over {@code content}, which has to stay until then.
     *
     * @param reversePath without angle brackets; empty is the null reverse-path
     * @throws MessagingException if an address is none to James
     */
    public static MailImpl mail(StoredMail stored, String reversePath, MessageContent content)
            throws MessagingException {
        MailState state = stored.state();
        PerRecipientHeaders fields = new PerRecipientHeaders();
        List<MailAddress> recipients = new ArrayList<>(stored.recipients().size());
        for (Addressee addressee : stored.recipients()) {
            recipients.add(addressee(addressee, fields));
        }
        for (Addressee addressee : stored.others()) {
            addressee(addressee, fields);
        }
        MailImpl mail = MailImpl.builder()
                .name(state.name())
                .sender(reversePath.isEmpty() ? Optional.empty() : Optional.of(new MailAddress(reversePath)))
                .addRecipients(recipients)
                .state(state.processor())
                .remoteHost(state.remoteHost())
                .remoteAddr(state.remoteAddress())
                .lastUpdated(Date.from(state.lastUpdated()))
                .errorMessage(state.error().isEmpty() ? null : state.error())
                .addAttributes(MailAttributes.fromJson(state.attributes(), state.name()))
                .addAllHeadersForRecipients(fields)
                .build();
        mail.setMessageNoCopy(SpoolMessage.over(content, state.prefix()));
        return mail;
    }

    private static MailAddress addressee(Addressee addressee, PerRecipientHeaders fields) throws MessagingException {
        MailAddress address = new MailAddress(addressee.forwardPath());
        addressee.ownFields().forEach(field -> fields.addHeaderForRecipient(Header.fromString(field), address));
        return address;
    }

    // ------------------------------------------------------------------ into the spool

    /**
     * The mail's state without what is for single recipients. The prefix is that of its message, unless
     * {@link #isRewritten} says that the bytes have to be written, which have it in them.
     */
    public MailState stateOf(Mail mail) throws MessagingException {
        MimeMessage message = mail.getMessage();
        String prefix = message instanceof SpoolMessage spooled && !isRewritten(message) ? spooled.prefix() : "";
        return withDsn(mail, stateOf(mail, prefix));
    }

    /** As {@link #stateOf(Mail)}, for a mail whose bytes were written to the spool by {@link #write}. */
    public MailState stateOfWritten(Mail mail) {
        return withDsn(mail, stateOfWhole(mail));
    }

    /** As {@link #stateOfWritten}, of a mail that is to be one envelope: what is asked for stays an attribute. */
    MailState stateOfWhole(Mail mail) {
        return stateOf(mail, "");
    }

    private static MailState withDsn(Mail mail, MailState state) {
        Map<String, String> others = DsnAttributes.without(state.attributes());
        return others.size() == state.attributes().size()
                ? state
                : state.withAttributes(others).withDsn(DsnAttributes.of(mail).ofMail());
    }

    private static MailState stateOf(Mail mail, String prefix) {
        @Nullable Date updated = mail.getLastUpdated();
        return new MailState(
                mail.getName(),
                orEmpty(mail.getState()),
                orEmpty(mail.getErrorMessage()),
                orEmpty(mail.getRemoteHost()),
                orEmpty(mail.getRemoteAddr()),
                updated == null ? Instant.EPOCH : updated.toInstant(),
                MailAttributes.toJson(mail),
                prefix,
                List.of(),
                "",
                null,
                DsnRequest.NONE);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /**
     * Completes states for single recipients.
     *
     * @param common as {@link #stateOf} or {@link #stateOfWritten} made it
     */
    public Function<MailAddress, OpaqueState> statesFor(Mail mail, MailState common) {
        OpaqueState encoded = common.encode();
        DsnAttributes dsn = DsnAttributes.of(mail);
        return recipient -> {
            List<String> own = ownFields(mail, recipient);
            DsnRequest request = dsn.of(recipient);
            return own.isEmpty() && request.equals(common.dsn())
                    ? encoded
                    : common.withOwnFields(own).withDsn(request).encode();
        };
    }

    /** The header fields that {@code recipient} alone gets, as {@link MailState#ownFields} has them. */
    List<String> ownFields(Mail mail, MailAddress recipient) {
        return mail.getPerRecipientSpecificHeaders().getHeadersForRecipient(recipient).stream()
                .map(Header::asString)
                .toList();
    }

    /** The reverse-path without angle brackets; empty is the null reverse-path. */
    public String reversePath(Mail mail) {
        return mail.getMaybeSender().asOptional().map(MailAddress::asString).orElse("");
    }

    public QueueId queueId(Mail mail) {
        return queueIds.apply(mail.getName());
    }

    /** In terms of the spool: 0 (last) to 9 (first). */
    public int priority(Mail mail) {
        return MailPriority.of(mail);
    }

    /** One for each recipient, due at {@code due}. */
    public List<EnvelopeDetails> envelopes(Mail mail, MailState state, Stage stage, Instant due) {
        QueueId queueId = queueId(mail);
        String reversePath = reversePath(mail);
        Function<MailAddress, OpaqueState> states = statesFor(mail, DsnAttributes.withOthers(mail, state));
        int priority = MailPriority.of(mail);
        return mail.getRecipients().stream()
                .distinct()
                .map(recipient -> EnvelopeDetails.of(queueId, reversePath, recipient.asString(), stage)
                        .withPriority(priority)
                        .withNextAttempt(due)
                        .withState(states.apply(recipient)))
                .toList();
    }

    /** Whether the message is anything but bytes of the spool below a prefix: then it has to be written anew. */
    public boolean isRewritten(@Nullable MimeMessage message) {
        return !(message instanceof SpoolMessage spooled)
                || spooled.change() == SpoolMessage.Change.HEADER
                || spooled.change() == SpoolMessage.Change.BODY;
    }

    /**
     * As {@link #isRewritten(MimeMessage)}, and also if its bytes are others than {@code content}: a mailet may have put
     * the message of another mail in.
     */
    public boolean isRewritten(@Nullable MimeMessage message, MessageContent content) {
        return isRewritten(message) || !(message instanceof SpoolMessage spooled) || !spooled.isOver(content);
    }

    /**
     * The message's octets in the spool, not committed yet: its holder commits or closes them. Waits for the disk; holds
     * 64 KiB in memory whatever the size.
     *
     * @throws MessagingException if the message cannot be read
     */
    public PendingMessage write(Spool spool, @Nullable MimeMessage message) throws SpoolException, MessagingException {
        try (WriterStream out = new WriterStream(spool)) {
            if (message != null) {
                MessageOctets.write(message, out);
            }
            return out.finish();
        } catch (WriterStream.SpoolFailure e) {
            throw e.failure();
        } catch (IOException e) {
            throw new MessagingException("cannot read the message", e);
        }
    }
}
