package org.relais.mailets.delivery;

import java.util.List;
import org.apache.james.core.Domain;
import org.apache.james.domainlist.api.DomainList;

/** A server with the domain example.org and no way to change that. */
public final class OneDomain implements DomainList {
    private static final Domain ONLY = Domain.of("example.org");

    @Override
    public List<Domain> getDomains() {
        return List.of(ONLY);
    }

    @Override
    public boolean containsDomain(Domain domain) {
        return domain.equals(ONLY);
    }

    @Override
    public void addDomain(Domain domain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void removeDomain(Domain domain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Domain getDefaultDomain() {
        return ONLY;
    }
}
