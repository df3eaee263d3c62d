package org.relais.spool.james;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryPath;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.MailRepositoryUrlStore;
import org.apache.james.mailrepository.api.Protocol;
import org.relais.spool.SpoolException;

/**
 * Repositories by their path, whatever protocol a chain writes in front of it, each a spool in a directory of its own.
 * Opened on first use; there again after a restart. Safe for use by many threads.
 */
public final class SpoolMailRepositoryStore implements MailRepositoryStore, AutoCloseable {
    private final SpoolDirectories directories;
    private final MailRepositoryUrlStore urls;
    private final SpoolMails mails;
    private final Protocol protocol;
    private final Map<RepositoryPath, SpoolMailRepository> open = new HashMap<>();

    /**
     * @param directories closed with the store
     * @param protocol what stands in front of the paths that {@link #getUrls} lists
     */
    public SpoolMailRepositoryStore(
            SpoolDirectories directories, MailRepositoryUrlStore urls, SpoolMails mails, Protocol protocol) {
        this.directories = directories;
        this.urls = urls;
        this.mails = mails;
        this.protocol = protocol;
    }

    @Override
    public MailRepository select(MailRepositoryUrl url) throws MailRepositoryStoreException {
        RepositoryPath path = RepositoryPath.of(url.getPath());
        MailRepository repository = opened(path);
        urls.add(here(path));
        return repository;
    }

    private synchronized MailRepository opened(RepositoryPath path) throws MailRepositoryStoreException {
        SpoolMailRepository known = open.get(path);
        if (known != null) {
            return known;
        }
        try {
            SpoolMailRepository opened = SpoolMailRepository.over(directories.open(path.value()), mails);
            open.put(path, opened);
            return opened;
        } catch (SpoolException | IllegalArgumentException e) {
            throw new MailRepositoryStoreException("cannot open the repository " + path.value(), e);
        }
    }

    private MailRepositoryUrl here(RepositoryPath path) {
        return MailRepositoryUrl.fromPathAndProtocol(protocol, path.james());
    }

    @Override
    public Optional<Protocol> defaultProtocol() {
        return Optional.of(protocol);
    }

    @Override
    public Optional<MailRepository> get(MailRepositoryUrl url) throws MailRepositoryStoreException {
        return find(url.getPath());
    }

    @Override
    public Stream<MailRepository> getByPath(MailRepositoryPath path) throws MailRepositoryStoreException {
        return find(path).stream();
    }

    private Optional<MailRepository> find(MailRepositoryPath path) throws MailRepositoryStoreException {
        RepositoryPath known = RepositoryPath.of(path);
        return urls.contains(here(known)) ? Optional.of(opened(known)) : Optional.empty();
    }

    @Override
    public Stream<MailRepositoryUrl> getUrls() {
        return urls.listDistinct();
    }

    @Override
    public void close() {
        directories.close();
    }
}
