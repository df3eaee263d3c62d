package org.relais.configuration.check;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.relais.configuration.Finding;
import org.relais.configuration.FurtherCheck;
import org.relais.configuration.home.Home;
import org.relais.configuration.relaisxml.EffectiveSetting;
import org.relais.configuration.relaisxml.RelaisXml;
import org.relais.configuration.settings.RelaisSettings;

/**
 * The one check of a home's configuration: everything that is wrong, in all files, in one go, sorted by file and line.
 *
 * <p>Reads files only, opens no socket and asks no network. For any thread.
 */
public final class ConfigurationCheck {
    /**
     * What the check says.
     *
     * @param settings present exactly when no finding in any file is an error
     * @param effective every setting of relais.xml as it holds
     * @param findings sorted by file and line
     */
    public record Result(Optional<RelaisSettings> settings, List<EffectiveSetting> effective, List<Finding> findings) {
        public Result {
            effective = List.copyOf(effective);
            findings = List.copyOf(findings);
        }

        /** Whether the relay starts with it. */
        public boolean isSound() {
            return settings.isPresent();
        }
    }

    private final RelaisXml relaisXml;
    private final List<FurtherCheck> further;

    /**
     * @param clock tells whether a certificate has expired
     * @param further the checks of the other files
     */
    public ConfigurationCheck(InstantSource clock, List<FurtherCheck> further) {
        this.relaisXml = new RelaisXml(clock);
        this.further = List.copyOf(further);
    }

    public Result check(Home home) {
        return check(home.conf());
    }

    /** Checks a conf folder that need not lie in a home. */
    public Result check(Path confDirectory) {
        RelaisXml.Result machine = relaisXml.check(confDirectory);
        List<Finding> findings = new ArrayList<>(machine.findings());
        for (FurtherCheck check : further) {
            findings.addAll(check.check(confDirectory));
        }
        findings.sort(null);
        boolean isSound = findings.stream().noneMatch(Finding::isError);
        return new Result(isSound ? machine.settings() : Optional.empty(), machine.effective(), findings);
    }
}
