package org.relais.configuration.settings;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where mail for other domains goes. In this version a route is the smart host of all of them.
 *
 * @param smartHost spoken to in SMTP
 * @param credentialsFile what {@link Credentials#read} takes; null: no login
 * @param line where relais.xml names it
 */
public record Route(HostPort smartHost, @Nullable Path credentialsFile, RouteTls tls, int line) {
    public Optional<Path> credentials() {
        return Optional.ofNullable(credentialsFile);
    }
}
