package org.relais.configuration.relaisxml;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.relais.configuration.Finding;
import org.relais.configuration.schema.RelaisSchema;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.configuration.xml.XmlDocument;
import org.relais.configuration.xml.XmlException;
import org.relais.configuration.xml.XmlReader;

/**
 * The check of relais.xml: its settings, or everything that is wrong with it, in one go.
 *
 * <p>Reads the file and those that it names, changes nothing, asks no network. Knows the home's conf folder only. For
 * any thread.
 */
public final class RelaisXml {
    /** The file's name in the conf folder. */
    public static final String FILE = "relais.xml";

    /**
     * What the check says.
     *
     * @param settings present exactly when no finding is an error
     * @param effective every setting as it holds; what is wrong shows as its default
     * @param findings sorted by line
     */
    public record Result(Optional<RelaisSettings> settings, List<EffectiveSetting> effective, List<Finding> findings) {
        public Result {
            effective = List.copyOf(effective);
            findings = List.copyOf(findings);
        }
    }

    private final InstantSource clock;

    /** @param clock tells whether the certificate has expired */
    public RelaisXml(InstantSource clock) {
        this.clock = clock;
    }

    /** Checks {@code relais.xml} in {@code confDirectory}. */
    public Result check(Path confDirectory) {
        XmlDocument document;
        try {
            document = XmlReader.read(confDirectory.resolve(FILE));
        } catch (XmlException e) {
            return new Result(Optional.empty(), List.of(), List.of(e.finding()));
        }
        List<Finding> findings = new ArrayList<>();
        Content content = new SchemaReader(document, findings).read();
        RelaisSettings settings = new SettingsAssembly(content, confDirectory).settings();
        rules(settings, content, new Report(document.file(), findings));
        findings.sort(null);
        boolean isSound = findings.stream().noneMatch(Finding::isError);
        return new Result(isSound ? Optional.of(settings) : Optional.empty(), EffectiveSettings.of(content), findings);
    }

    private void rules(RelaisSettings settings, Content content, Report report) {
        Values values = content.values();
        boolean isDefaultListeners = content.items(RelaisSchema.LISTENERS).isEmpty();
        boolean isDefaultAdministration = !values.isGiven(RelaisSchema.ADMINISTRATION_PORT);
        new ListenerRules(settings, isDefaultListeners, isDefaultAdministration, report).check();
        new TlsRules(settings, values, report, clock).check();
        new RelayRules(settings, content, report).check();
    }
}
