package org.relais.administration.fake;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.relais.administration.port.AliasAdministration;
import org.relais.administration.port.DomainAdministration;
import org.relais.administration.port.DomainName;
import org.relais.administration.port.MailboxAddress;
import org.relais.administration.port.Password;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.Refusal.Kind;
import org.relais.administration.port.UserAdministration;

/** Domains, users and aliases in three maps; refuses what the ports say is refused, in fewer words than the real one. */
public final class InMemoryAccounts {
    public final SortedSet<String> domains = new TreeSet<>();
    public final SortedMap<String, String> passwords = new TreeMap<>();
    public final SortedSet<String> aliases = new TreeSet<>();
    public volatile boolean hasRemovedMailboxes;

    public DomainAdministration domains() {
        return new DomainAdministration() {
            @Override
            public List<DomainName> list() {
                return domains.stream().map(DomainName::new).toList();
            }

            @Override
            public void add(DomainName domain) throws Refusal {
                require(domains.add(domain.value()), Kind.EXISTS, domain + " is there");
            }

            @Override
            public void remove(DomainName domain) throws Refusal {
                require(domains.remove(domain.value()), Kind.MISSING, domain + " is not there");
            }
        };
    }

    public UserAdministration users() {
        return new UserAdministration() {
            @Override
            public List<MailboxAddress> list() throws Refusal {
                var users = new java.util.ArrayList<MailboxAddress>();
                for (var user : passwords.keySet()) {
                    users.add(MailboxAddress.parse(user));
                }
                return users;
            }

            @Override
            public void add(MailboxAddress user, Password password) throws Refusal {
                if (!domains.contains(user.domain().value())) {
                    throw new Refusal(Kind.MISSING, "domain " + user.domain() + " is not local", "relais domain add x");
                }
                var before = passwords.putIfAbsent(user.toString(), password.value());
                require(before == null, Kind.EXISTS, user + " is there");
            }

            @Override
            public void changePassword(MailboxAddress user, Password password) throws Refusal {
                require(
                        passwords.replace(user.toString(), password.value()) != null,
                        Kind.MISSING,
                        user + " is not there");
            }

            @Override
            public void remove(MailboxAddress user, Mailboxes mailboxes) throws Refusal {
                require(passwords.remove(user.toString()) != null, Kind.MISSING, user + " is not there");
                hasRemovedMailboxes = mailboxes == Mailboxes.REMOVED;
            }
        };
    }

    public AliasAdministration aliases() {
        return new AliasAdministration() {
            @Override
            public List<Alias> list() throws Refusal {
                var list = new java.util.ArrayList<Alias>();
                for (var alias : aliases) {
                    var words = alias.split(" ");
                    list.add(new Alias(MailboxAddress.parse(words[0]), MailboxAddress.parse(words[1])));
                }
                return list;
            }

            @Override
            public void add(Alias alias) throws Refusal {
                require(aliases.add(words(alias)), Kind.EXISTS, "it is there");
            }

            @Override
            public void remove(Alias alias) throws Refusal {
                require(aliases.remove(words(alias)), Kind.MISSING, "it is not there");
            }

            private String words(Alias alias) {
                return alias.source() + " " + alias.target();
            }
        };
    }

    private static void require(boolean isDone, Kind kind, String what) throws Refusal {
        if (!isDone) {
            throw new Refusal(kind, what, "look at the list");
        }
    }
}
