package org.relais.access.mailbox;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Set;
import org.apache.james.core.Username;
import org.apache.james.events.EventBus;
import org.apache.james.events.InVMEventBus;
import org.apache.james.events.MemoryEventDeadLetters;
import org.apache.james.events.RetryBackoffConfiguration;
import org.apache.james.events.delivery.InVmEventDelivery;
import org.apache.james.imap.api.process.DefaultMailboxTyper;
import org.apache.james.imap.api.process.ImapProcessor;
import org.apache.james.imap.encode.main.DefaultImapEncoderFactory;
import org.apache.james.imap.main.DefaultImapDecoderFactory;
import org.apache.james.imap.processor.main.DefaultImapProcessorFactory;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.acl.UnionMailboxACLResolver;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.inmemory.InMemoryMailboxManager;
import org.apache.james.mailbox.inmemory.InMemoryMailboxSessionMapperFactory;
import org.apache.james.mailbox.inmemory.InMemoryMessageId;
import org.apache.james.mailbox.inmemory.quota.InMemoryCurrentQuotaManager;
import org.apache.james.mailbox.inmemory.quota.InMemoryPerUserMaxQuotaManager;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.store.FakeAuthenticator;
import org.apache.james.mailbox.store.FakeAuthorizator;
import org.apache.james.mailbox.store.JVMMailboxPathLocker;
import org.apache.james.mailbox.store.PreDeletionHooks;
import org.apache.james.mailbox.store.SessionProviderImpl;
import org.apache.james.mailbox.store.StoreMailboxAnnotationManager;
import org.apache.james.mailbox.store.StoreRightManager;
import org.apache.james.mailbox.store.StoreSubscriptionManager;
import org.apache.james.mailbox.store.extractor.DefaultTextExtractor;
import org.apache.james.mailbox.store.mail.NaiveThreadIdGuessingAlgorithm;
import org.apache.james.mailbox.store.mail.model.impl.MessageParser;
import org.apache.james.mailbox.store.quota.CurrentQuotaCalculator;
import org.apache.james.mailbox.store.quota.DefaultUserQuotaRootResolver;
import org.apache.james.mailbox.store.quota.QuotaComponents;
import org.apache.james.mailbox.store.quota.StoreQuotaManager;
import org.apache.james.mailbox.store.search.SimpleMessageSearchIndex;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.relais.access.imap.james.ImapService;
import reactor.core.publisher.Mono;

/** James's mailboxes in memory with one user, bob, whose password is {@code secret}. */
public final class MemoryMail {

    public static final String USER = "bob@example.org";
    public static final String PASSWORD = "secret";

    private final InMemoryMailboxSessionMapperFactory mappers =
            new InMemoryMailboxSessionMapperFactory(Clock.systemUTC());
    private final EventBus events = new InVMEventBus(
            new InVmEventDelivery(new RecordingMetricFactory()),
            RetryBackoffConfiguration.DEFAULT,
            new MemoryEventDeadLetters());
    private final SessionProviderImpl sessions;
    private final DefaultUserQuotaRootResolver quotaRoots;
    private final StoreQuotaManager quotas;
    private final InMemoryMailboxManager mailboxes;

    public MemoryMail() {
        var authenticator = new FakeAuthenticator();
        authenticator.addUser(Username.of(USER), PASSWORD);
        sessions = new SessionProviderImpl(authenticator, FakeAuthorizator.defaultReject());
        quotaRoots = new DefaultUserQuotaRootResolver(sessions, mappers);
        var maximum = new InMemoryPerUserMaxQuotaManager();
        quotas = new StoreQuotaManager(
                new InMemoryCurrentQuotaManager(new CurrentQuotaCalculator(mappers, quotaRoots), sessions), maximum);
        var rights = new StoreRightManager(mappers, new UnionMailboxACLResolver(), events);
        mailboxes = new InMemoryMailboxManager(
                mappers,
                sessions,
                new JVMMailboxPathLocker(),
                new MessageParser(),
                new InMemoryMessageId.Factory(),
                events,
                new StoreMailboxAnnotationManager(mappers, rights),
                rights,
                new QuotaComponents(maximum, quotas, quotaRoots),
                new SimpleMessageSearchIndex(mappers, mappers, new DefaultTextExtractor(), (attachment, session) -> {
                    throw new UnsupportedOperationException("no attachments in these tests");
                }),
                new PreDeletionHooks(Set.of(), new RecordingMetricFactory()),
                new NaiveThreadIdGuessingAlgorithm(),
                Clock.systemUTC());
    }

    public MailboxManager mailboxes() {
        return mailboxes;
    }

    public ImapService imap() {
        ImapProcessor processor = DefaultImapProcessorFactory.createXListSupportingProcessor(
                mailboxes,
                events,
                new StoreSubscriptionManager(mappers, mappers, events),
                new DefaultMailboxTyper(),
                quotas,
                quotaRoots,
                new RecordingMetricFactory());
        return new ImapService(
                DefaultImapDecoderFactory.createDecoder(),
                new DefaultImapEncoderFactory().buildImapEncoder(),
                processor);
    }

    /** Puts a mail into bob's INBOX, which is made if need be. */
    public void deliver(String content) throws MailboxException {
        deliver(content.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void deliver(byte[] content) throws MailboxException {
        var session = mailboxes.createSystemSession(Username.of(USER));
        var inbox = MailboxPath.inbox(session);
        if (!Mono.from(mailboxes.mailboxExists(inbox, session)).block()) {
            mailboxes.createMailbox(inbox, session);
        }
        mailboxes
                .getMailbox(inbox, session)
                .appendMessage(MessageManager.AppendCommand.builder().build(content), session);
    }
}
