package org.relais.administration.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions that were built in, and Java's. */
public record Version(String relais, String james, String java) {
    private static final String RESOURCE = "version.properties";

    /** Of this process. */
    public static Version current() {
        var built = new Properties();
        try (var stream = Version.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException(RESOURCE + " is missing in the jar");
            }
            built.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Version(
                built.getProperty("relais", "unknown"),
                built.getProperty("james", "unknown"),
                Runtime.version().toString());
    }
}
