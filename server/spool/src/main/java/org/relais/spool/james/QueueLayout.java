package org.relais.spool.james;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.relais.spool.Envelope;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.MessageContent;
import org.relais.spool.Stage;
import org.relais.spool.mail.Addressee;
import org.relais.spool.mail.MailState;
import org.relais.spool.mail.StoredMail;

/** How a mail lies in a spool. Implementations are safe for use by many threads. */
interface QueueLayout {

    /** The envelopes of a mail whose bytes were written as they are now. */
    List<EnvelopeDetails> envelopes(Mail mail, Instant due);

    /** Whether an envelope is a mail, and the spool holds nothing but this queue. */
    boolean isWhole();

    /** Each group is one mail. */
    <T> List<List<T>> grouped(List<T> items, Function<T, Envelope> envelopeOf);

    /**
     * @throws MessagingException if an address is none to James
     * @throws IllegalArgumentException if the state is not one of a mail
     */
    MailImpl mail(List<Envelope> group, MessageContent content) throws MessagingException;

    /** The mail's name; what it throws is as with {@link #mail}. */
    String name(Envelope envelope);

    List<String> recipients(List<Envelope> group);

    /** One envelope for each recipient: the spool of the server. */
    record Recipients(SpoolMails mails, Stage stage) implements QueueLayout {

        @Override
        public boolean isWhole() {
            return false;
        }

        @Override
        public List<EnvelopeDetails> envelopes(Mail mail, Instant due) {
            return mails.envelopes(mail, mails.stateOfWritten(mail), stage, due);
        }

        @Override
        public <T> List<List<T>> grouped(List<T> items, Function<T, Envelope> envelopeOf) {
            return mails.grouped(items, envelopeOf);
        }

        @Override
        public MailImpl mail(List<Envelope> group, MessageContent content) throws MessagingException {
            return mails.mail(group, content);
        }

        @Override
        public String name(Envelope envelope) {
            return MailState.of(envelope.details()).name();
        }

        @Override
        public List<String> recipients(List<Envelope> group) {
            return group.stream()
                    .map(envelope -> envelope.details().forwardPath())
                    .toList();
        }
    }

    /** One envelope for the whole mail: queues of plug-ins, and repositories. */
    record Whole(SpoolMails mails) implements QueueLayout {

        @Override
        public boolean isWhole() {
            return true;
        }

        @Override
        public List<EnvelopeDetails> envelopes(Mail mail, Instant due) {
            List<Addressee> recipients = mail.getRecipients().stream()
                    .map(recipient -> addressee(mail, recipient))
                    .toList();
            List<Addressee> others = mail.getPerRecipientSpecificHeaders().getRecipientsWithSpecificHeaders().stream()
                    .filter(address -> !mail.getRecipients().contains(address))
                    .map(address -> addressee(mail, address))
                    .toList();
            String shown = recipients.isEmpty() ? "" : recipients.get(0).forwardPath();
            return List.of(EnvelopeDetails.of(mails.queueId(mail), mails.reversePath(mail), shown, Stage.CHAIN)
                    .withPriority(MailPriority.of(mail))
                    .withNextAttempt(due)
                    .withState(new StoredMail(mails.stateOfWhole(mail), recipients, others).encode()));
        }

        private Addressee addressee(Mail mail, MailAddress address) {
            return new Addressee(address.asString(), mails.ownFields(mail, address));
        }

        @Override
        public <T> List<List<T>> grouped(List<T> items, Function<T, Envelope> envelopeOf) {
            List<List<T>> groups = new ArrayList<>(items.size());
            items.forEach(item -> groups.add(List.of(item)));
            return groups;
        }

        @Override
        public MailImpl mail(List<Envelope> group, MessageContent content) throws MessagingException {
            EnvelopeDetails details = group.get(0).details();
            return SpoolMails.mail(StoredMail.of(details), details.reversePath(), content);
        }

        @Override
        public String name(Envelope envelope) {
            return StoredMail.of(envelope.details()).state().name();
        }

        @Override
        public List<String> recipients(List<Envelope> group) {
            return StoredMail.of(group.get(0).details()).recipients().stream()
                    .map(Addressee::forwardPath)
                    .toList();
        }
    }
}
