package org.relais.configuration.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    private static final List<String> NAMES = List.of("hostname", "listeners", "maxRetries", "tls");

    @Test
    void findsWhatWasMisspelt() {
        assertThat(NearestName.of("hostnmae", NAMES)).contains("hostname");
        assertThat(NearestName.of("maxRetriez", NAMES)).contains("maxRetries");
        assertThat(NearestName.of("Listener", NAMES)).contains("listeners");
        assertThat(NearestName.of("ssl", NAMES)).isEmpty();
    }

    @Test
    void suggestsNothingForAWordThatResemblesNone() {
        assertThat(NearestName.of("greylisting", NAMES)).isEmpty();
    }
}
