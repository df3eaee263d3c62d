package org.relais.store.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MailboxSessionUtil;
import org.apache.james.mailbox.inmemory.InMemoryMessageId;
import org.apache.james.mailbox.model.ThreadId;
import org.apache.james.mailbox.store.mail.model.MimeMessageId;
import org.apache.james.mailbox.store.mail.model.Subject;
import org.junit.jupiter.api.Test;

class IndexedThreadLookupTest {
    private static final MailboxSession ANN = MailboxSessionUtil.create(Username.of("ann@example.org"));
    private static final MailboxSession BOB = MailboxSessionUtil.create(Username.of("bob@example.org"));

    private final IndexedThreadLookup lookup = new IndexedThreadLookup(() -> {
        throw new IllegalStateException("delivery must not look into the mailbox");
    });

    @Test
    void putsAReplyIntoTheThreadOfWhatItAnswers() {
        ThreadId first = guess(1, "<a@x>", null, List.of(), "Lunch", ANN);

        assertThat(guess(2, "<b@x>", "<a@x>", List.of(), "Re: Lunch", ANN)).isEqualTo(first);
        assertThat(guess(3, "<c@x>", null, List.of("<b@x>"), "Fwd: Re: Lunch", ANN))
                .isEqualTo(first);
    }

    @Test
    void beginsANewThreadWhenTheSubjectIsAnother() {
        ThreadId first = guess(1, "<a@x>", null, List.of(), "Lunch", ANN);

        assertThat(guess(2, "<b@x>", "<a@x>", List.of(), "Dinner", ANN)).isNotEqualTo(first);
    }

    @Test
    void keepsTheThreadsOfUsersApart() {
        ThreadId first = guess(1, "<a@x>", null, List.of(), "Lunch", ANN);

        assertThat(guess(2, "<b@x>", "<a@x>", List.of(), "Lunch", BOB)).isNotEqualTo(first);
    }

    @Test
    void beginsAThreadForAMailWithoutIdentifiers() {
        ThreadId thread = guess(7, null, null, List.of(), null, ANN);

        assertThat(thread).isEqualTo(ThreadId.fromBaseMessageId(InMemoryMessageId.of(7)));
    }

    private ThreadId guess(
            long id, String ownId, String inReplyTo, List<String> references, String subject, MailboxSession session) {
        return lookup.guessThreadIdReactive(
                        InMemoryMessageId.of(id),
                        Optional.ofNullable(ownId).map(MimeMessageId::new),
                        Optional.ofNullable(inReplyTo).map(MimeMessageId::new),
                        Optional.of(references.stream().map(MimeMessageId::new).toList()),
                        Optional.ofNullable(subject).map(Subject::new),
                        session)
                .block();
    }
}
