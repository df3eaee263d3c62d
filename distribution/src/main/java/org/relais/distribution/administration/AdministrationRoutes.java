package org.relais.distribution.administration;

import java.time.Instant;
import java.time.InstantSource;
import javax.inject.Inject;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.user.api.UsersRepository;
import org.relais.access.transport.TlsContext;
import org.relais.administration.command.Version;
import org.relais.administration.http.RouteTable;
import org.relais.administration.james.JamesAccounts;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.RunningServer;
import org.relais.administration.port.ServerIdentity;
import org.relais.administration.rest.AccountRoutes;
import org.relais.administration.rest.DeliveryRoutes;
import org.relais.administration.rest.QueueRoutes;
import org.relais.administration.rest.ServerRoutes;
import org.relais.administration.rest.TlsRoutes;
import org.relais.configuration.home.Home;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.delivery.control.DeliveryControl;
import org.relais.distribution.delivery.OutgoingDelivery;
import org.relais.distribution.foundation.PrometheusText;
import org.relais.spool.Spool;

/** All routes of the administration over the parts of this server. */
public final class AdministrationRoutes {
    private final RelaisSettings settings;
    private final TlsContext tls;
    private final PrometheusText metrics;
    private final InstantSource clock;
    private final HealthStatus health;
    private final JamesAccounts accounts;
    private final SpoolQueue queue;
    private final DeliveryOrders orders;

    @Inject
    AdministrationRoutes(
            RelaisSettings settings,
            TlsContext tls,
            PrometheusText metrics,
            InstantSource clock,
            HealthStatus health,
            DomainList domains,
            UsersRepository users,
            RecipientRewriteTable rewriting,
            MailboxManager mailboxes,
            Spool spool,
            DeliveryControl control,
            OutgoingDelivery delivery) {
        this.settings = settings;
        this.tls = tls;
        this.metrics = metrics;
        this.clock = clock;
        this.health = health;
        this.orders = new DeliveryOrders(control, delivery);
        this.queue = new SpoolQueue(spool, settings.spool().retention());
        this.accounts = new JamesAccounts(domains, users, rewriting, mailboxes);
    }

    public JamesAccounts accounts() {
        return accounts;
    }

    /** @param requestStop asks for the orderly stop and returns at once */
    public RouteTable table(Home home, RunningServer server, Runnable requestStop) throws Refusal {
        Instant now = clock.instant();
        RouteTable.Builder routes = new RouteTable.Builder();
        new AccountRoutes(accounts.domains(), accounts.users(), accounts.aliases()).addTo(routes);
        new QueueRoutes(queue).addTo(routes);
        new DeliveryRoutes(orders, clock).addTo(routes);
        new TlsRoutes(new ListenerCertificate(settings.tls().certificate(), tls)).addTo(routes);
        new ServerRoutes(
                        new ServerIdentity(
                                Version.current().relais(),
                                home.root(),
                                ProcessHandle.current().pid(),
                                now),
                        health.of(server),
                        metrics::render,
                        requestStop,
                        clock)
                .addTo(routes);
        return routes.build();
    }
}
