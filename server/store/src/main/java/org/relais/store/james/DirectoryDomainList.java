package org.relais.store.james;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.james.core.Domain;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import org.relais.store.directory.DirectoryFile;

/**
 * James's domain list over the directory, plus the default domain, which is the host itself: it completes
 * addresses without a domain and cannot be removed. Safe for many threads.
 */
public final class DirectoryDomainList implements DomainList {
    private final DirectoryFile directory;
    private final Domain defaultDomain;

    /** @param defaultDomain the host's name: mail to {@code postmaster@hostname} is local */
    public DirectoryDomainList(DirectoryFile directory, Domain defaultDomain) {
        this.directory = directory;
        this.defaultDomain = defaultDomain;
    }

    @Override
    public List<Domain> getDomains() {
        return Stream.concat(
                        Stream.of(defaultDomain),
                        directory.content().domains().stream().map(Domain::of))
                .distinct()
                .toList();
    }

    @Override
    public boolean containsDomain(Domain domain) {
        return domain.equals(defaultDomain) || directory.content().domains().contains(domain.asString());
    }

    @Override
    public void addDomain(Domain domain) throws DomainListException {
        if (directory.content().domains().contains(domain.asString())) {
            throw new DomainListException(domain.asString() + " already exists.");
        }
        try {
            directory.update(content -> content.withDomain(domain.asString()));
        } catch (IOException e) {
            throw new DomainListException("cannot write the directory: " + e.getMessage(), e);
        }
    }

    @Override
    public void removeDomain(Domain domain) throws DomainListException {
        if (!directory.content().domains().contains(domain.asString())) {
            throw new DomainListException(domain.asString() + " was not found");
        }
        try {
            directory.update(content -> content.withoutDomain(domain.asString()));
        } catch (IOException e) {
            throw new DomainListException("cannot write the directory: " + e.getMessage(), e);
        }
    }

    @Override
    public Domain getDefaultDomain() {
        return defaultDomain;
    }
}
