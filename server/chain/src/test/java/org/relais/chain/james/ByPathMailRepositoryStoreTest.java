package org.relais.chain.james;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.james.mailrepository.api.MailRepositoryPath;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.junit.jupiter.api.Test;

class ByPathMailRepositoryStoreTest {
    @Test
    void everySchemeLeadsToTheRepositoryOfThatPath() throws Exception {
        try (TestChain chain = new TestChain()) {
            var store = chain.repositories;
            var repository = store.select(MailRepositoryUrl.from("file://var/mail/error/"));

            assertThat(store.select(MailRepositoryUrl.from("memory://var/mail/error")))
                    .isSameAs(repository);
            assertThat(store.select(MailRepositoryUrl.from("cassandra:///var/mail/error")))
                    .isSameAs(repository);
            assertThat(store.get(MailRepositoryUrl.from("dbfile://var/mail/error")))
                    .contains(repository);
            assertThat(store.getByPath(MailRepositoryPath.from("/var/mail/error")))
                    .containsExactly(repository);
            assertThat(store.getUrls()).containsExactly(MailRepositoryUrl.from("memory://var/mail/error"));
            assertThat(store.select(MailRepositoryUrl.from("file://var/mail/other")))
                    .isNotSameAs(repository);
        }
    }
}
