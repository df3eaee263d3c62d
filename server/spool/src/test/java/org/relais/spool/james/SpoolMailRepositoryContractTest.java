package org.relais.spool.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.james.mailrepository.MailRepositoryContract;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryPath;
import org.apache.james.mailrepository.api.MailRepositoryStore.MailRepositoryStoreException;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.server.core.MailImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.model.QueueId;

class SpoolMailRepositoryContractTest implements MailRepositoryContract {
    private static final Protocol SPOOL = new Protocol("spool");

    @TempDir
    Path home;

    private final ExecutorService io = Executors.newFixedThreadPool(2);
    private SpoolMailRepositoryStore store;

    @BeforeEach
    void open() throws Exception {
        store = new SpoolMailRepositoryStore(
                new SpoolDirectories(home.resolve("repositories"), InstantSource.system(), io),
                FileMailRepositoryUrlStore.in(home.resolve("repositories.urls")),
                new SpoolMails(QueueId::new),
                SPOOL);
    }

    @AfterEach
    void close() {
        store.close();
        io.shutdownNow();
    }

    @Override
    public MailRepository retrieveRepository() throws Exception {
        return retrieveRepository(MailRepositoryPath.from("var/mail/spam"));
    }

    @Override
    public MailRepository retrieveRepository(MailRepositoryPath path) throws Exception {
        return store.select(MailRepositoryUrl.fromPathAndProtocol(SPOOL, path));
    }

    @Test
    void isThereAgainAfterARestart() throws Exception {
        MailImpl mail = createMail(MAIL_1);
        MailKey key = retrieveRepository().store(mail);
        MailKey removed = retrieveRepository().store(createMail(MAIL_2));
        retrieveRepository().remove(removed);

        store.close();
        open();

        assertThat(store.getUrls().map(MailRepositoryUrl::asString)).containsExactly("spool://var/mail/spam");
        MailRepository found = store.getByPath(MailRepositoryPath.from("/var/mail/spam/"))
                .findFirst()
                .orElseThrow();
        assertThat(found.list()).toIterable().containsExactly(key);
        checkMailEquality(found.retrieve(key), mail);
    }

    @Test
    void isTheSameWhateverProtocolIsWrittenInFrontOfItsPath() throws Exception {
        store.select(MailRepositoryUrl.from("file://var/mail/spam/")).store(createMail(MAIL_1));

        assertThat(store.select(MailRepositoryUrl.from("cassandra:///var/mail//spam"))
                        .size())
                .isEqualTo(1);
        assertThat(store.get(MailRepositoryUrl.from("memory://var/mail/spam"))).isPresent();
        assertThat(store.get(MailRepositoryUrl.from("memory://var/mail/ham"))).isEmpty();
    }

    @Test
    void refusesAPathThatLeadsOutOfItsDirectory() {
        assertThatThrownBy(() -> store.select(MailRepositoryUrl.from("file://var/../../etc")))
                .isInstanceOf(MailRepositoryStoreException.class);
        assertThatThrownBy(() -> store.select(MailRepositoryUrl.from("file://" + "x".repeat(300))))
                .isInstanceOf(MailRepositoryStoreException.class);
    }
}
