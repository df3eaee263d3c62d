package org.relais.chain.james;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryPath;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.Protocol;

/**
 * Finds repositories by their path, whatever the chain says in front of it: {@code file://var/mail/error/},
 * {@code memory://var/mail/error} and {@code cassandra:///var/mail/error} are one repository.
 */
public final class ByPathMailRepositoryStore implements MailRepositoryStore {
    private final MailRepositoryStore store;
    private final Protocol protocol;

    /** {@code protocol} is the one that {@code store} knows. */
    public ByPathMailRepositoryStore(MailRepositoryStore store, Protocol protocol) {
        this.store = store;
        this.protocol = protocol;
    }

    @Override
    public MailRepository select(MailRepositoryUrl url) throws MailRepositoryStoreException {
        return store.select(here(url));
    }

    @Override
    public Optional<Protocol> defaultProtocol() {
        return Optional.of(protocol);
    }

    @Override
    public Optional<MailRepository> get(MailRepositoryUrl url) throws MailRepositoryStoreException {
        return store.get(here(url));
    }

    @Override
    public Stream<MailRepository> getByPath(MailRepositoryPath path) throws MailRepositoryStoreException {
        return store.getByPath(here(path));
    }

    @Override
    public Stream<MailRepositoryUrl> getUrls() {
        return store.getUrls();
    }

    private MailRepositoryUrl here(MailRepositoryUrl url) {
        return MailRepositoryUrl.fromPathAndProtocol(protocol, here(url.getPath()));
    }

    private static MailRepositoryPath here(MailRepositoryPath path) {
        return MailRepositoryPath.from(StringUtils.stripStart(path.asString(), "/"));
    }
}
