package org.relais.store.james;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import javax.inject.Provider;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.exception.ThreadNotFoundException;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.MultimailboxesSearchQuery;
import org.apache.james.mailbox.model.SearchQuery;
import org.apache.james.mailbox.model.ThreadId;
import org.apache.james.mailbox.store.mail.ThreadIdGuessingAlgorithm;
import org.apache.james.mailbox.store.mail.model.MimeMessageId;
import org.apache.james.mailbox.store.mail.model.Subject;
import org.apache.james.mailbox.store.search.SearchUtil;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds a mail's thread by its Message-ID, In-Reply-To and References (RFC 5322 §3.6.4) and its base subject (RFC 5256
 * §2.1), each a look-up in a table, whatever the mailbox's size: James's own algorithm searches the mailbox at each
 * delivery.
 *
 * <p>The table is in memory like today's mailboxes and holds the newest {@value #REMEMBERED} identifiers of all users
 * together: a reply to an older mail begins a new thread. Safe for use by many threads.
 */
public final class IndexedThreadLookup implements ThreadIdGuessingAlgorithm {
    private static final int REMEMBERED = 200_000;
    /** RFC 5322 sets no limit; a hostile References field must not fill the table. */
    private static final int MAX_IDENTIFIERS = 100;

    private record Identifier(
            Username user,
            MimeMessageId messageId,
            @Nullable String baseSubject) {}

    private final Provider<MailboxManager> mailboxes;
    private final Cache<Identifier, ThreadId> threads =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /** @param mailboxes a provider, because the manager is made with this object */
    @Inject
    public IndexedThreadLookup(Provider<MailboxManager> mailboxes) {
        this.mailboxes = mailboxes;
    }

    @Override
    public Mono<ThreadId> guessThreadIdReactive(
            MessageId messageId,
            Optional<MimeMessageId> ownId,
            Optional<MimeMessageId> inReplyTo,
            Optional<List<MimeMessageId>> references,
            Optional<Subject> subject,
            MailboxSession session) {
        return Mono.fromCallable(() -> thread(messageId, identifiers(ownId, inReplyTo, references, subject, session)));
    }

    private ThreadId thread(MessageId messageId, Set<Identifier> identifiers) {
        ThreadId thread = identifiers.stream()
                .map(threads::getIfPresent)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> ThreadId.fromBaseMessageId(messageId));
        identifiers.forEach(identifier -> threads.put(identifier, thread));
        return thread;
    }

    private static Set<Identifier> identifiers(
            Optional<MimeMessageId> ownId,
            Optional<MimeMessageId> inReplyTo,
            Optional<List<MimeMessageId>> references,
            Optional<Subject> subject,
            MailboxSession session) {
        String baseSubject =
                subject.map(Subject::getValue).map(SearchUtil::getBaseSubject).orElse(null);
        Set<MimeMessageId> ids = new LinkedHashSet<>();
        ownId.ifPresent(ids::add);
        inReplyTo.ifPresent(ids::add);
        references.ifPresent(list -> list.stream().limit(MAX_IDENTIFIERS).forEach(ids::add));
        Set<Identifier> identifiers = new LinkedHashSet<>();
        ids.forEach(id -> identifiers.add(new Identifier(session.getUser(), id, baseSubject)));
        return identifiers;
    }

    @Override
    public Flux<MessageId> getMessageIdsInThread(ThreadId threadId, MailboxSession session) {
        SearchQuery byThread = SearchQuery.builder()
                .andCriteria(SearchQuery.threadId(threadId))
                .sorts(new SearchQuery.Sort(SearchQuery.Sort.SortClause.Arrival, SearchQuery.Sort.Order.NATURAL))
                .build();
        MultimailboxesSearchQuery inAllMailboxes =
                MultimailboxesSearchQuery.from(byThread).build();
        return Flux.defer(() -> mailboxes.get().search(inAllMailboxes, session, Integer.MAX_VALUE))
                .switchIfEmpty(Mono.error(() -> new ThreadNotFoundException(threadId)));
    }
}
