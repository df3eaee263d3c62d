package org.relais.distribution.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Injector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.james.core.Domain;
import org.apache.james.core.Username;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.model.FetchGroup;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.MessageResult;
import org.apache.james.user.api.UsersRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.distribution.foundation.DirectoryModule;
import org.relais.distribution.foundation.EventsModule;
import org.relais.store.directory.DirectoryFile;

class MemoryMailboxModuleTest {
    private static final Username ANN = Username.of("ann@example.org");

    @TempDir
    private Path home;

    @Test
    void keepsAMailForAUserOfTheDirectory() throws Exception {
        DirectoryFile directory = DirectoryFile.open(home.resolve("directory.json"));
        Injector injector = Guice.createInjector(
                new EventsModule(), new DirectoryModule(directory, "mx.example.org"), new MemoryMailboxModule());
        injector.getInstance(MemoryMailboxModule.Listeners.class).register();
        injector.getInstance(DomainList.class).addDomain(Domain.of("example.org"));
        injector.getInstance(UsersRepository.class).addUser(ANN, "s3cret");

        MailboxManager mailboxes = injector.getInstance(MailboxManager.class);
        MailboxSession session = mailboxes.authenticate(ANN, "s3cret").withoutDelegation();
        mailboxes.createMailbox(MailboxPath.inbox(ANN), session);
        MessageManager inbox = mailboxes.getMailbox(MailboxPath.inbox(ANN), session);
        inbox.appendMessage(
                MessageManager.AppendCommand.builder()
                        .build("Subject: x\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII)),
                session);

        MessageResult read = inbox.getMessages(MessageRange.all(), FetchGroup.FULL_CONTENT, session)
                .next();
        assertThat(new String(read.getFullContent().getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .isEqualTo("Subject: x\r\n\r\nhello\r\n");
    }
}
