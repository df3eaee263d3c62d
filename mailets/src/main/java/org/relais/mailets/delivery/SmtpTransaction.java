package org.relais.mailets.delivery;

import com.sun.mail.smtp.SMTPAddressFailedException;
import com.sun.mail.smtp.SMTPSendFailedException;
import com.sun.mail.smtp.SMTPSenderFailedException;
import com.sun.mail.smtp.SMTPTransport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.mail.Address;
import javax.mail.MessagingException;
import javax.mail.SendFailedException;
import javax.mail.Session;
import javax.mail.internet.InternetAddress;
import org.apache.james.core.MailAddress;
import org.apache.mailet.DsnParameters;
import org.jspecify.annotations.Nullable;
import org.relais.mailets.relay.Outcome;
import org.relais.mailets.relay.Reply;
import org.relais.model.EnhancedStatus;

/**
 * MAIL, RCPT and DATA on a line that stands; turns JavaMail's nested exceptions into one outcome for each recipient.
 *
 * <p>Recipients with different NOTIFY parameters go in transactions of their own, because JavaMail knows one for all.
 */
final class SmtpTransaction {
    /** A full mailbox or too many recipients: RFC 5321 §4.5.3.1.10 wants 552 after RCPT taken for 452. */
    private static final int TOO_MUCH = 552;

    private static final EnhancedStatus BROKEN_LINE = new EnhancedStatus(4, 4, 2);

    private final SMTPTransport transport;
    private final Session session;

    SmtpTransaction(SMTPTransport transport, Session session) {
        this.transport = transport;
        this.session = session;
    }

    Map<MailAddress, Outcome> send(Envelope envelope, WireMessage message) {
        Map<String, List<MailAddress>> byNotify = new LinkedHashMap<>();
        for (MailAddress recipient : envelope.recipients()) {
            byNotify.computeIfAbsent(envelope.notify(recipient).orElse(""), any -> new ArrayList<>())
                    .add(recipient);
        }
        Map<MailAddress, Outcome> outcomes = new LinkedHashMap<>();
        byNotify.forEach((notify, recipients) -> {
            setParameters(envelope, message, notify);
            outcomes.putAll(send(recipients, message));
        });
        return outcomes;
    }

    private void setParameters(Envelope envelope, WireMessage message, String notify) {
        List<String> mail = new ArrayList<>();
        if (message.has8Bit()) {
            mail.add("BODY=8BITMIME");
        }
        if (transport.supportsExtension("SIZE")) {
            mail.add("SIZE=" + message.size());
        }
        if (transport.supportsExtension("DSN")) {
            envelope.dsn()
                    .flatMap(DsnParameters::getEnvIdParameter)
                    .ifPresent(id -> mail.add("ENVID=" + DsnParameters.XText.encode(id.asString())));
            envelope.dsn()
                    .flatMap(DsnParameters::getRetParameter)
                    .ifPresent(ret -> session.getProperties().setProperty("mail.smtp.dsn.ret", ret.name()));
            session.getProperties().remove("mail.smtp.dsn.notify");
            if (!notify.isEmpty()) {
                session.getProperties().setProperty("mail.smtp.dsn.notify", notify);
            }
        }
        session.getProperties().setProperty("mail.smtp.mailextension", String.join(" ", mail));
    }

    private Map<MailAddress, Outcome> send(List<MailAddress> recipients, WireMessage message) {
        try {
            transport.sendMessage(message, addresses(recipients));
            Outcome delivered = new Outcome.Delivered(lastReply());
            Map<MailAddress, Outcome> outcomes = new LinkedHashMap<>();
            recipients.forEach(recipient -> outcomes.put(recipient, delivered));
            return outcomes;
        } catch (MessagingException e) {
            return outcomes(recipients, e);
        }
    }

    private Map<MailAddress, Outcome> outcomes(List<MailAddress> recipients, MessagingException thrown) {
        Map<String, Outcome> refused = refusedRecipients(thrown);
        Set<String> sent = sent(thrown);
        Outcome others = ofTransaction(thrown);
        Outcome delivered = new Outcome.Delivered(lastReply());
        Map<MailAddress, Outcome> outcomes = new LinkedHashMap<>();
        for (MailAddress recipient : recipients) {
            String address = recipient.asString();
            outcomes.put(recipient, sent.contains(address) ? delivered : refused.getOrDefault(address, others));
        }
        return outcomes;
    }

    /** What became of recipients that were not refused themselves: MAIL or DATA was, or the line broke. */
    private static Outcome ofTransaction(MessagingException thrown) {
        if (thrown instanceof SMTPSenderFailedException sender) {
            return Outcome.refused(Reply.of(sender.getReturnCode(), text(sender)));
        }
        if (thrown instanceof SMTPSendFailedException send && send.getReturnCode() > 0) {
            return Outcome.refused(Reply.of(send.getReturnCode(), text(send)));
        }
        for (Throwable next = thrown.getNextException(); next instanceof MessagingException nested; ) {
            if (nested instanceof SMTPSenderFailedException sender) {
                return Outcome.refused(Reply.of(sender.getReturnCode(), text(sender)));
            }
            next = nested.getNextException();
        }
        return new Outcome.Deferred(BROKEN_LINE, "4.4.2 " + text(thrown));
    }

    private static Map<String, Outcome> refusedRecipients(MessagingException thrown) {
        Map<String, Outcome> refused = new LinkedHashMap<>();
        @Nullable Throwable next = thrown;
        while (next instanceof MessagingException nested) {
            if (nested instanceof SMTPAddressFailedException failed) {
                refused.put(failed.getAddress().getAddress(), ofRcpt(failed));
            }
            next = nested.getNextException();
        }
        return refused;
    }

    private static Outcome ofRcpt(SMTPAddressFailedException failed) {
        Reply reply = Reply.of(failed.getReturnCode(), text(failed));
        return failed.getReturnCode() == TOO_MUCH
                ? new Outcome.Deferred(new EnhancedStatus(4, 2, 2), reply.text())
                : Outcome.refused(reply);
    }

    private static Set<String> sent(MessagingException thrown) {
        Address[] addresses = thrown instanceof SendFailedException failed ? failed.getValidSentAddresses() : null;
        Set<String> sent = new HashSet<>();
        if (addresses != null) {
            Arrays.stream(addresses)
                    .map(address -> ((InternetAddress) address).getAddress())
                    .forEach(sent::add);
        }
        return sent;
    }

    /** The address as it came: JavaMail's own reading of it is left out. */
    private static Address[] addresses(List<MailAddress> recipients) {
        return recipients.stream()
                .map(recipient -> {
                    InternetAddress address = new InternetAddress();
                    address.setAddress(recipient.asString());
                    return address;
                })
                .toArray(Address[]::new);
    }

    private Reply lastReply() {
        String text = transport.getLastServerResponse();
        return Reply.of(transport.getLastReturnCode(), text == null ? "" : text);
    }

    private static String text(MessagingException thrown) {
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }
}
