package org.relais.mailets.home;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.james.core.Username;
import org.apache.james.mailbox.inmemory.InMemoryMailboxManager;
import org.apache.james.mailbox.inmemory.quota.InMemoryPerUserMaxQuotaManager;
import org.apache.james.rrt.api.RecipientRewriteTableConfiguration;
import org.apache.james.rrt.lib.MappingSource;
import org.apache.james.rrt.memory.MemoryRecipientRewriteTable;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.sieverepository.api.exception.ScriptNotFoundException;
import org.apache.james.user.memory.MemoryUsersRepository;
import org.apache.james.vacation.memory.MemoryNotificationRegistry;
import org.apache.james.vacation.memory.MemoryVacationRepository;
import org.relais.mailets.delivery.FixedDns;
import org.relais.mailets.delivery.MemoryMailboxes;
import org.relais.mailets.delivery.OneDomain;
import org.relais.mailets.delivery.ScriptedHop;

/** What a kill of the server does not undo: time, the next hop, the users' mailboxes, scripts and aliases. */
final class World implements AutoCloseable {
    static final String DOMAIN = "@example.org";

    private final AtomicLong nanos = new AtomicLong();
    private final Map<Username, String> scripts = new ConcurrentHashMap<>();
    final ScriptedHop hop = new ScriptedHop();
    final FixedDns dns = new FixedDns();
    final OneDomain domains = new OneDomain();
    final InMemoryMailboxManager mailboxes = MemoryMailboxes.within(new InMemoryPerUserMaxQuotaManager());
    final MemoryUsersRepository users = MemoryUsersRepository.withVirtualHosting(domains);
    final MemoryRecipientRewriteTable aliases = new MemoryRecipientRewriteTable();
    final MemoryVacationRepository vacations = new MemoryVacationRepository();
    final MemoryNotificationRegistry notifications =
            new MemoryNotificationRegistry(() -> ZonedDateTime.ofInstant(now(), ZoneOffset.UTC));

    World() throws Exception {
        aliases.setDomainList(domains);
        aliases.setUsersRepository(users);
        aliases.setConfiguration(RecipientRewriteTableConfiguration.DEFAULT_ENABLED);
    }

    void forward(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    long nanos() {
        return nanos.get();
    }

    Instant now() {
        return Instant.parse("2026-11-23T12:00:00Z").plusNanos(nanos.get());
    }

    InstantSource clock() {
        return this::now;
    }

    void script(String user, String sieve) {
        scripts.put(Username.of(user + DOMAIN), sieve);
    }

    void alias(String user, String to) throws Exception {
        aliases.addAddressMapping(MappingSource.fromUser(Username.of(user + DOMAIN)), to);
    }

    List<String> messages(String user, String folder) throws Exception {
        return MemoryMailboxes.messages(mailboxes, user + DOMAIN, folder);
    }

    /** Of each user the script above, active. */
    SieveRepository sieve() {
        return (SieveRepository) Proxy.newProxyInstance(
                World.class.getClassLoader(), new Class<?>[] {SieveRepository.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getActivationDateForActiveScript")) {
                        return ZonedDateTime.ofInstant(now(), ZoneOffset.UTC);
                    }
                    String script = method.getName().equals("getActive") ? scripts.get(arguments[0]) : null;
                    if (script == null) {
                        throw new ScriptNotFoundException();
                    }
                    return new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8));
                });
    }

    @Override
    public void close() throws Exception {
        hop.close();
    }
}
