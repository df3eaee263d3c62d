package org.relais.administration.james;

import static org.relais.administration.james.JamesAccounts.ask;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.james.core.Domain;
import org.relais.administration.port.DomainAdministration;
import org.relais.administration.port.DomainName;
import org.relais.administration.port.Refusal;

/** The local domains, over James's domain list. */
final class JamesDomainAdministration implements DomainAdministration {
    private final JamesAccounts accounts;

    JamesDomainAdministration(JamesAccounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public List<DomainName> list() throws Refusal {
        var domains = new ArrayList<DomainName>();
        for (var domain : ask(accounts.domainList::getDomains)) {
            domains.add(DomainName.parse(domain.asString()));
        }
        domains.sort(Comparator.comparing(DomainName::value));
        return List.copyOf(domains);
    }

    @Override
    public void add(DomainName domain) throws Refusal {
        accounts.changes.lock();
        try {
            if (accounts.isLocal(domain)) {
                throw new Refusal(Refusal.Kind.EXISTS, "domain " + domain + " is local already", "relais domain list");
            }
            ask(() -> {
                accounts.domainList.addDomain(Domain.of(domain.value()));
                return true;
            });
        } finally {
            accounts.changes.unlock();
        }
    }

    @Override
    public void remove(DomainName domain) throws Refusal {
        accounts.changes.lock();
        try {
            if (!accounts.isLocal(domain)) {
                throw new Refusal(Refusal.Kind.MISSING, "domain " + domain + " is not local", "relais domain list");
            }
            requireRemovable(domain);
            ask(() -> {
                accounts.domainList.removeDomain(Domain.of(domain.value()));
                return true;
            });
        } finally {
            accounts.changes.unlock();
        }
    }

    private void requireRemovable(DomainName domain) throws Refusal {
        if (ask(accounts.domainList::getDefaultDomain).equals(Domain.of(domain.value()))) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "domain " + domain + " is this host's own name and stays local",
                    "change <hostname> in conf/relais.xml");
        }
        long users = accounts.users().list().stream()
                .filter(user -> user.domain().equals(domain))
                .count();
        if (users > 0) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "domain " + domain + " has " + count(users, "user"),
                    "remove what relais user list shows of it first");
        }
        long aliases = accounts.aliases().list().stream()
                .filter(alias -> alias.source().domain().equals(domain))
                .count();
        if (aliases > 0) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "domain " + domain + " has " + count(aliases, "alias"),
                    "remove what relais alias list shows of it first");
        }
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : noun.endsWith("s") ? "es" : "s");
    }
}
