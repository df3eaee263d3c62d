package org.relais.administration.james;

import static org.relais.administration.james.JamesAccounts.ask;
import static org.relais.administration.james.JamesAccounts.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.james.rrt.api.LoopDetectedException;
import org.apache.james.rrt.api.RecipientRewriteTableException;
import org.apache.james.rrt.lib.Mapping;
import org.relais.administration.port.AliasAdministration;
import org.relais.administration.port.MailboxAddress;
import org.relais.administration.port.Refusal;

/** The aliases, over the alias mappings of James's rewrite table; its other mappings are neither shown nor touched. */
final class JamesAliasAdministration implements AliasAdministration {
    private final JamesAccounts accounts;

    JamesAliasAdministration(JamesAccounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public List<Alias> list() throws Refusal {
        var aliases = new ArrayList<Alias>();
        for (var entry : ask(accounts.rewriteTable::getAllMappings).entrySet()) {
            var source = entry.getKey().asMailAddress();
            if (source.isPresent()) {
                for (var mapping : entry.getValue().select(Mapping.Type.Alias)) {
                    aliases.add(new Alias(
                            MailboxAddress.parse(source.get().asString()),
                            MailboxAddress.parse(mapping.getMappingValue())));
                }
            }
        }
        aliases.sort(Comparator.comparing((Alias alias) -> alias.source().toString())
                .thenComparing(alias -> alias.target().toString()));
        return List.copyOf(aliases);
    }

    @Override
    public void add(Alias alias) throws Refusal {
        accounts.changes.lock();
        try {
            accounts.requireLocal(alias.source().domain());
            requirePossible(alias);
            accounts.rewriteTable.addAliasMapping(
                    source(alias.source()), alias.target().toString());
        } catch (LoopDetectedException e) {
            throw loop(alias);
        } catch (RecipientRewriteTableException e) {
            throw new Refusal(
                    Refusal.Kind.FAILED,
                    "the alias could not be added: " + e.getMessage(),
                    "see log/relais.log for the cause",
                    e);
        } finally {
            accounts.changes.unlock();
        }
    }

    private void requirePossible(Alias alias) throws Refusal {
        if (alias.source().equals(alias.target())) {
            throw loop(alias);
        }
        if (list().contains(alias)) {
            throw new Refusal(
                    Refusal.Kind.EXISTS,
                    "alias " + alias.source() + " to " + alias.target() + " exists",
                    "relais alias list");
        }
        if (accounts.isUser(alias.source())) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    alias.source() + " is a user, whose mail would go elsewhere",
                    "take another name for the alias, or relais user remove " + alias.source());
        }
        var targetDomain = alias.target().domain();
        if (accounts.isLocal(targetDomain) && !accounts.isUser(alias.target()) && !accounts.isAlias(alias.target())) {
            throw new Refusal(
                    Refusal.Kind.MISSING,
                    "there is no user " + alias.target() + " in the local domain " + targetDomain,
                    "relais user add " + alias.target());
        }
    }

    @Override
    public void remove(Alias alias) throws Refusal {
        accounts.changes.lock();
        try {
            if (!list().contains(alias)) {
                throw new Refusal(
                        Refusal.Kind.MISSING,
                        "there is no alias " + alias.source() + " to " + alias.target(),
                        "relais alias list");
            }
            ask(() -> {
                accounts.rewriteTable.removeAliasMapping(
                        source(alias.source()), alias.target().toString());
                return true;
            });
        } finally {
            accounts.changes.unlock();
        }
    }

    private static Refusal loop(Alias alias) {
        return new Refusal(
                Refusal.Kind.CONFLICT,
                "the alias " + alias.source() + " to " + alias.target() + " would make a loop",
                "see relais alias list for the way back");
    }
}
