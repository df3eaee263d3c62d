package org.relais.distribution.spool;

import java.nio.file.Path;
import org.relais.configuration.home.Home;
import org.relais.spool.engine.SpoolSettings;

/** From the settings of relais.xml to what a spool of this home is opened with. */
public final class SpoolMapping {
    private static final String SPOOL = "spool";

    private SpoolMapping() {}

    /** The settings of the spool that mail goes through. */
    public static SpoolSettings of(Home home, org.relais.configuration.settings.SpoolSettings settings) {
        return in(home.data().resolve(SPOOL), settings);
    }

    /** The settings of a spool in another folder of the home: same bounds, each for itself. */
    public static SpoolSettings in(Path directory, org.relais.configuration.settings.SpoolSettings settings) {
        return SpoolSettings.in(directory)
                .withQuota(settings.quota().octets())
                .withMinimumFree(settings.minimumFree().octets())
                .withRetention(settings.retention());
    }
}
