package org.relais.access.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstLineTest {
    @ParameterizedTest
    @CsvSource({
        "'Subject: x', false",
        "'Subject : x', false",
        "'X:', false",
        "'|nbody', false",
        "'Do you like ketchup?', true",
        "' folded: line', true",
        "'From carol Mon Nov 23 00:00:00 2026', true",
        "'Sub', true",
        "':x', true",
        "'', true",
    })
    void asksForASeparatorWhereNoHeaderFieldBegins(String content, boolean separator) {
        FirstLine line = new FirstLine();

        for (byte octet : content.replace("|n", "\r\n").getBytes(StandardCharsets.US_ASCII)) {
            if (line.decide(octet)) {
                break;
            }
        }

        assertThat(line.isSeparatorNeeded()).isEqualTo(separator);
    }
}
