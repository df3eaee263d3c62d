package org.relais.mailets.delivery;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.james.core.Username;
import org.apache.james.events.EventBus;
import org.apache.james.events.InVMEventBus;
import org.apache.james.events.MemoryEventDeadLetters;
import org.apache.james.events.RetryBackoffConfiguration;
import org.apache.james.events.delivery.InVmEventDelivery;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.acl.UnionMailboxACLResolver;
import org.apache.james.mailbox.inmemory.InMemoryMailboxManager;
import org.apache.james.mailbox.inmemory.InMemoryMailboxSessionMapperFactory;
import org.apache.james.mailbox.inmemory.InMemoryMessageId;
import org.apache.james.mailbox.inmemory.quota.InMemoryCurrentQuotaManager;
import org.apache.james.mailbox.inmemory.quota.InMemoryPerUserMaxQuotaManager;
import org.apache.james.mailbox.model.FetchGroup;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.MessageResult;
import org.apache.james.mailbox.store.FakeAuthenticator;
import org.apache.james.mailbox.store.FakeAuthorizator;
import org.apache.james.mailbox.store.JVMMailboxPathLocker;
import org.apache.james.mailbox.store.PreDeletionHooks;
import org.apache.james.mailbox.store.SessionProviderImpl;
import org.apache.james.mailbox.store.StoreMailboxAnnotationManager;
import org.apache.james.mailbox.store.StoreRightManager;
import org.apache.james.mailbox.store.extractor.DefaultTextExtractor;
import org.apache.james.mailbox.store.mail.NaiveThreadIdGuessingAlgorithm;
import org.apache.james.mailbox.store.mail.model.impl.MessageParser;
import org.apache.james.mailbox.store.quota.CurrentQuotaCalculator;
import org.apache.james.mailbox.store.quota.DefaultUserQuotaRootResolver;
import org.apache.james.mailbox.store.quota.QuotaComponents;
import org.apache.james.mailbox.store.quota.StoreQuotaManager;
import org.apache.james.mailbox.store.search.SimpleMessageSearchIndex;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import reactor.core.publisher.Mono;

/** James's mailboxes in memory. */
public final class MemoryMailboxes {
    private MemoryMailboxes() {}

    public static InMemoryMailboxManager within(InMemoryPerUserMaxQuotaManager limits) {
        InMemoryMailboxSessionMapperFactory mappers = new InMemoryMailboxSessionMapperFactory(Clock.systemUTC());
        EventBus bus = new InVMEventBus(
                new InVmEventDelivery(new RecordingMetricFactory()),
                RetryBackoffConfiguration.DEFAULT,
                new MemoryEventDeadLetters());
        SessionProviderImpl sessions =
                new SessionProviderImpl(new FakeAuthenticator(), FakeAuthorizator.defaultReject());
        DefaultUserQuotaRootResolver roots = new DefaultUserQuotaRootResolver(sessions, mappers);
        InMemoryCurrentQuotaManager current =
                new InMemoryCurrentQuotaManager(new CurrentQuotaCalculator(mappers, roots), sessions);
        StoreQuotaManager quotas = new StoreQuotaManager(current, limits);
        StoreRightManager rights = new StoreRightManager(mappers, new UnionMailboxACLResolver(), bus);
        return new InMemoryMailboxManager(
                mappers,
                sessions,
                new JVMMailboxPathLocker(),
                new MessageParser(),
                new InMemoryMessageId.Factory(),
                bus,
                new StoreMailboxAnnotationManager(mappers, rights),
                rights,
                new QuotaComponents(limits, quotas, roots),
                new SimpleMessageSearchIndex(mappers, mappers, new DefaultTextExtractor(), (attachment, session) -> {
                    throw new UnsupportedOperationException("no attachments in these tests");
                }),
                new PreDeletionHooks(Set.of(), new RecordingMetricFactory()),
                new NaiveThreadIdGuessingAlgorithm(),
                Clock.systemUTC());
    }

    /** What stands in a folder, each char an octet; nothing if there is none. */
    public static List<String> messages(MailboxManager mailboxes, String user, String folder) throws Exception {
        MailboxSession session = mailboxes.createSystemSession(Username.of(user));
        MailboxPath path = MailboxPath.forUser(Username.of(user), folder);
        List<String> messages = new ArrayList<>();
        if (!Mono.from(mailboxes.mailboxExists(path, session)).blockOptional().orElse(false)) {
            return messages;
        }
        Iterator<MessageResult> found =
                mailboxes.getMailbox(path, session).getMessages(MessageRange.all(), FetchGroup.FULL_CONTENT, session);
        while (found.hasNext()) {
            try (InputStream in = found.next().getFullContent().getInputStream()) {
                messages.add(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        return messages;
    }
}
