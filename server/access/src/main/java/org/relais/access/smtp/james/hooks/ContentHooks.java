package org.relais.access.smtp.james.hooks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.protocols.smtp.MailEnvelope;
import org.apache.james.server.core.MailImpl;
import org.relais.access.smtp.HookVerdict;
import org.relais.access.smtp.MailRevision;
import org.relais.access.smtp.ReceivedMail;
import org.relais.access.smtp.SessionHooks.Judgement;
import org.relais.access.smtp.spool.SpoolIntake;
import org.relais.spool.MessageContent;
import org.relais.spool.PendingMessage;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.james.DsnAttributes;
import org.relais.spool.james.SpoolMails;
import org.relais.spool.mail.Addressee;
import org.relais.spool.mail.DsnRequest;
import org.relais.spool.mail.MailState;
import org.relais.spool.mail.StoredMail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows mails that arrived whole to James's message hooks, before they are committed: {@code MessageHook}s first, then
 * {@code JamesMessageHook}s, on a mail that is parsed only as far as they ask.
 *
 * <p>What they change of attributes, priority and message is taken over. The envelope stays what the client was told:
 * whom the mail goes to is for mailets to change. Safe for use by many threads.
 */
final class ContentHooks {
    private static final Logger LOGGER = LoggerFactory.getLogger(ContentHooks.class);

    private final HookLists lists;
    private final Spool spool;
    private final SpoolMails mails;

    ContentHooks(HookLists lists, Spool spool, SpoolMails mails) {
        this.lists = lists;
        this.spool = spool;
        this.mails = mails;
    }

    Judgement judge(HookSession session, ReceivedMail received, MessageContent content) {
        MailImpl mail = null;
        try {
            MailState asReceived = SpoolIntake.stateOf(received);
            mail = SpoolMails.mail(
                    new StoredMail(asReceived, addressees(received), List.of()),
                    received.reversePath().address(),
                    content);
            DsnAttributes.show(mail, dsnRequests(received));
            return judge(session, received, asReceived, mail, content);
        } catch (MessagingException | SpoolException e) {
            LOGGER.error("{}: not taken, what a hook made of it cannot be kept", received.id(), e);
            return new Judgement(HookVerdict.FAILED, null);
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    private static List<Addressee> addressees(ReceivedMail received) {
        return received.forwardPaths().stream()
                .map(path -> new Addressee(path.address(), List.of()))
                .toList();
    }

    private static Map<String, DsnRequest> dsnRequests(ReceivedMail received) {
        Map<String, DsnRequest> requests = new HashMap<>();
        for (int i = 0; i < received.forwardPaths().size(); i++) {
            requests.put(
                    received.forwardPaths().get(i).address(), received.dsn().get(i));
        }
        return requests;
    }

    private Judgement judge(
            HookSession session, ReceivedMail received, MailState asReceived, MailImpl mail, MessageContent content)
            throws MessagingException, SpoolException {
        MailEnvelope envelope = new ReadOnlyEnvelope(mail, content);
        HookVerdict verdict =
                HookCall.first(lists.message(), session.facts(), hook -> hook.onMessage(session, envelope));
        if (verdict.reply() == null) {
            boolean endsSession = verdict.endsSession();
            HookVerdict next =
                    HookCall.first(lists.jamesMessage(), session.facts(), hook -> hook.onMessage(session, mail));
            verdict = new HookVerdict(next.reply(), endsSession || next.endsSession());
        }
        return verdict.reply() == null
                ? new Judgement(verdict, revision(received, asReceived, mail, content))
                : new Judgement(verdict, null);
    }

    private MailRevision revision(ReceivedMail received, MailState asReceived, MailImpl mail, MessageContent content)
            throws MessagingException, SpoolException {
        warnOfOtherEnvelope(received, mail);
        int priority = mails.priority(mail);
        if (!mails.isRewritten(mail.getMessage(), content)) {
            return new MailRevision(revised(asReceived, mails.stateOf(mail)), priority, null);
        }
        PendingMessage rewritten = mails.write(spool, mail.getMessage());
        try {
            return new MailRevision(revised(asReceived, mails.stateOfWritten(mail)), priority, rewritten);
        } catch (RuntimeException e) {
            rewritten.close();
            throw e;
        }
    }

    /** The name is the queue id that the client is told, and the chain begins where it always does. */
    private static MailState revised(MailState asReceived, MailState changed) {
        return new MailState(
                asReceived.name(),
                asReceived.processor(),
                asReceived.error(),
                changed.remoteHost(),
                changed.remoteAddress(),
                asReceived.lastUpdated(),
                changed.attributes(),
                changed.prefix(),
                List.of(),
                "",
                null,
                asReceived.dsn());
    }

    private static void warnOfOtherEnvelope(ReceivedMail received, MailImpl mail) {
        Collection<MailAddress> wanted =
                received.forwardPaths().stream().map(Addresses::of).toList();
        boolean isSame = mail.getMaybeSender().equals(Addresses.sender(received.reversePath()))
                && mail.getRecipients().containsAll(wanted)
                && wanted.containsAll(mail.getRecipients())
                && "root".equals(mail.getState());
        if (!isSame) {
            LOGGER.warn(
                    "{}: a hook changed envelope or state, which only mailets can; it goes on as the client sent it",
                    received.id());
        }
    }

    /** The mail as {@code MessageHook}s see it. */
    private record ReadOnlyEnvelope(MailImpl mail, MessageContent content) implements MailEnvelope {
        @Override
        public long getSize() {
            return content.size();
        }

        @Override
        public List<MailAddress> getRecipients() {
            return List.copyOf(mail.getRecipients());
        }

        @Override
        public MaybeSender getMaybeSender() {
            return mail.getMaybeSender();
        }

        @Override
        public InputStream getMessageInputStream() throws IOException {
            return content.open();
        }

        @Override
        public OutputStream getMessageOutputStream() {
            throw new UnsupportedOperationException("a hook of Relais cannot write content: use a JamesMessageHook");
        }
    }
}
