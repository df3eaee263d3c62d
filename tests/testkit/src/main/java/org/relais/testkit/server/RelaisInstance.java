package org.relais.testkit.server;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.relais.administration.port.DomainName;
import org.relais.administration.port.FirstUser;
import org.relais.configuration.check.ConfigurationCheck;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.HomeException;
import org.relais.configuration.home.HomeLock;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.distribution.RelaisServer;

/**
 * Relais inside the test JVM, on a home of the test: the same assembly and the same check as {@code relais run}. Several
 * may run at once, each on its own home. {@link #close()} drains and stops it.
 */
public final class RelaisInstance implements AutoCloseable {
    private final TestHome home;
    private final HomeLock lock;
    private final RelaisServer server;

    private RelaisInstance(TestHome home, HomeLock lock, RelaisServer server) {
        this.home = home;
        this.lock = lock;
        this.server = server;
    }

    /** Checks the configuration, starts, and returns when every listener is bound. */
    public static RelaisInstance start(TestHome testHome) {
        try {
            Home home = Home.open(testHome.root());
            var check = new ConfigurationCheck(Clock.systemUTC(), List.of()).check(home);
            RelaisSettings settings = check.settings()
                    .orElseThrow(() -> new IllegalStateException("the test's configuration: " + check.findings()));
            HomeLock lock = HomeLock.take(home);
            try {
                return new RelaisInstance(testHome, lock, server(home, settings));
            } catch (Exception e) { // whatever keeps it from starting fails the test, with its reason
                lock.close();
                throw new IllegalStateException("Relais did not start: " + e.getMessage(), e);
            }
        } catch (HomeException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RelaisServer server(Home home, RelaisSettings settings) throws Exception {
        var firstUser = new FirstUser(home.data(), DomainName.parse(settings.domain()), new SecureRandom());
        return RelaisServer.start(home, settings, firstUser, () -> {});
    }

    public TestHome home() {
        return home;
    }

    public RelaisPorts ports() {
        return home.ports();
    }

    public AdministrationClient administration() {
        return new AdministrationClient(home);
    }

    @Override
    public void close() {
        server.close();
        try {
            lock.close();
        } catch (HomeException e) {
            throw new IllegalStateException(e);
        }
    }
}
