package org.relais.administration.port;

import org.relais.configuration.home.Home;
import org.relais.configuration.settings.RelaisSettings;

/** Starts a server in this process. The home's lock is held and the configuration checked by who calls. */
@FunctionalInterface
public interface ServerLauncher {
    /**
     * Starts it and returns when every listener, the administration's last, is bound; or undoes what was begun and throws.
     *
     * @param firstUser to be made before a listener is bound
     * @param requestStop for the administration: asks whoever called this to close the server; returns at once
     */
    RunningServer start(Home home, RelaisSettings settings, FirstUser firstUser, Runnable requestStop)
            throws StartException;
}
