package org.relais.access.smtp.james;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import javax.mail.MessagingException;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.relais.access.smtp.Intake;
import org.relais.access.smtp.MailPath;
import org.relais.access.smtp.ReceivedMail;
import org.relais.access.smtp.SessionFacts;
import org.relais.model.QueueId;

/**
 * Puts received mail into James's spool queue, under the queue id as its name.
 *
 * <p>Content stays in memory up to James's threshold (100 KiB) and goes to a file in {@code java.io.tmpdir} beyond. Safe
 * for use by many threads.
 *
 * <p>Deviation: the mail's remote host is the client's address; its name is not looked up in DNS.
 */
public final class SpoolIntake implements Intake, AutoCloseable {
    /** Whether the session was authenticated or its network may relay: the chain's second lock reads it. */
    public static final AttributeName MAY_RELAY = AttributeName.of("relais.mayRelay");

    /** Present and true where the session may relay: James's matchers read it. */
    private static final AttributeName MAY_RELAY_AS_JAMES_SAYS = AttributeName.of("org.apache.james.SMTPIsAuthNetwork");

    private static final AttributeName TLS = AttributeName.of("relais.tls");

    private final MailQueue spool;
    private final QueueRoom room;

    public SpoolIntake(MailQueueFactory<?> queues, QueueRoom room) {
        this.spool = queues.createQueue(MailQueueFactory.SPOOL);
        this.room = room;
    }

    @Override
    public Content open(QueueId id) throws IOException {
        room.await();
        return new SpoolContent(MimeMessageInputStreamSource.create(id.value()));
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }

    private final class SpoolContent implements Content {
        private final MimeMessageInputStreamSource source;
        private final OutputStream out;

        SpoolContent(MimeMessageInputStreamSource source) {
            this.source = source;
            this.out = source.getWritableOutputStream();
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            out.write(octets, offset, length);
        }

        @Override
        public void commit(ReceivedMail received) throws IOException {
            out.close();
            MailImpl mail = MailImpl.builder()
                    .name(received.id().value())
                    .sender(sender(received.reversePath()))
                    .addRecipients(recipients(received.forwardPaths()))
                    .build();
            try {
                describe(mail, received.session());
                mail.setMessageContent(source);
                // The queue takes a copy; ours is freed in close().
                spool.enQueue(mail);
            } catch (MessagingException e) {
                throw new IOException("the spool did not take " + received.id(), e);
            }
        }

        @Override
        public void close() {
            LifecycleUtil.dispose(source);
        }
    }

    private static void describe(MailImpl mail, SessionFacts session) {
        mail.setRemoteAddr(session.clientAddress());
        mail.setRemoteHost(session.clientAddress());
        mail.setAttribute(new Attribute(Mail.SMTP_SESSION_ID, AttributeValue.of(session.id())));
        mail.setAttribute(new Attribute(Mail.SMTP_HELO, AttributeValue.of(session.helo())));
        mail.setAttribute(new Attribute(MAY_RELAY, AttributeValue.of(session.mayRelay())));
        if (session.mayRelay()) {
            mail.setAttribute(new Attribute(MAY_RELAY_AS_JAMES_SAYS, AttributeValue.of(true)));
        }
        session.userIfAny()
                .ifPresent(user -> mail.setAttribute(new Attribute(Mail.SMTP_AUTH_USER, AttributeValue.of(user))));
        session.tlsIfAny().ifPresent(tls -> mail.setAttribute(new Attribute(TLS, AttributeValue.of(tls.toString()))));
    }

    private static MaybeSender sender(MailPath reversePath) {
        return reversePath.isNullReversePath() ? MaybeSender.nullSender() : MaybeSender.of(address(reversePath));
    }

    private static Collection<MailAddress> recipients(List<MailPath> forwardPaths) {
        return forwardPaths.stream().map(SpoolIntake::address).toList();
    }

    private static MailAddress address(MailPath path) {
        try {
            return new MailAddress(path.address());
        } catch (AddressException e) {
            throw new IllegalStateException("was found usable at MAIL or RCPT: " + path, e);
        }
    }
}
