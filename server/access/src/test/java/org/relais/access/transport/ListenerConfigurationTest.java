package org.relais.access.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.relais.access.transport.james.ListenerConfiguration;

class ListenerConfigurationTest {
    @Test
    void saysWhatJamesReads() {
        var configuration = ListenerConfiguration.of(new ListenerOptions(
                "imap",
                InetAddress.getLoopbackAddress(),
                143,
                TlsMode.NONE,
                List.of(),
                "mx.example.org",
                new ListenerOptions.ListenerLimits(100, 10, Duration.ofMinutes(30), 1000)));

        assertThat(configuration.getString("helloName")).isEqualTo("mx.example.org");
        assertThat(configuration.getBoolean("helloName.[@autodetect]", true)).isFalse();
        assertThat(configuration.configurationAt("handlerchain").getBoolean("[@enableJmx]", true))
                .isFalse();
        assertThat(configuration.getInt("connectionLimitPerIP")).isEqualTo(10);
        assertThat(configuration.getInt("connectiontimeout")).isEqualTo(1800);
    }
}
