package org.relais.distribution.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.relais.configuration.settings.ByteSize;
import org.relais.configuration.settings.SpoolSettings;

class SpoolMappingTest {
    @Test
    void takesTheBoundsOfTheConfiguration() {
        var settings = SpoolMapping.in(
                Path.of("/home/data/spool"),
                new SpoolSettings(8, new ByteSize(1 << 30), new ByteSize(1 << 27), Duration.ofDays(2)));

        assertThat(settings.directory()).isEqualTo(Path.of("/home/data/spool"));
        assertThat(settings.quota()).isEqualTo(1 << 30);
        assertThat(settings.minimumFree()).isEqualTo(1 << 27);
        assertThat(settings.retention()).isEqualTo(Duration.ofDays(2));
    }

    @Test
    void takesWithoutAQuotaWhatTheDiskTakes() {
        var settings = SpoolMapping.in(
                Path.of("spool"), new SpoolSettings(8, ByteSize.UNBOUNDED, new ByteSize(0), Duration.ZERO));

        assertThat(settings.quota()).isEqualTo(Long.MAX_VALUE);
    }
}
