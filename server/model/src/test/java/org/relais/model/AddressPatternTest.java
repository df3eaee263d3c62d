package org.relais.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPatternTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "<>",
                "example.org",
                "*.example.org",
                "user@example.org",
                "a+b@x.example",
                "localhost",
                "_x.example",
                "[192.0.2.1]",
                "user@[ipv6:2001:db8::1]"
            })
    void takesEachKind(String text) {
        assertThat(AddressPattern.of(text)).map(AddressPattern::text).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a..b",
                ".example.org",
                "*.",
                "**",
                "*example.org",
                "a.*.org",
                "@example.org",
                "a b",
                "a,b",
                "user@*",
                "user@*.example.org",
                "-a.example",
                "*@example.org"
            })
    void takesNothingElse(String text) {
        assertThat(AddressPattern.of(text)).isEmpty();
    }

    @Test
    void aLongTextIsNoPattern() {
        assertThat(AddressPattern.of("a.".repeat(500_000) + "a")).isEmpty();
        assertThat(AddressPattern.of("a".repeat(65) + "@example.org")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "user@A.Example.org, user@a.example.org a.example.org *.example.org *.org *",
        "'', <> *",
        "postmaster, *",
        "x@[192.0.2.1], x@[192.0.2.1] [192.0.2.1] *",
    })
    void aPathMatchesFromThePreciseToTheGeneral(String path, String patterns) {
        assertThat(AddressPattern.matchedBy(path))
                .extracting(AddressPattern::text)
                .containsExactly(patterns.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "user@example.org, user@example.org example.org *.org *",
        "example.org, example.org *.org *",
        "*.a.example.org, *.a.example.org *.example.org *.org *",
        "<>, <> *",
        "*, *",
    })
    void isCoveredByTheMoreGeneral(String pattern, String covering) {
        assertThat(AddressPattern.of(pattern).orElseThrow().covering())
                .extracting(AddressPattern::text)
                .containsExactly(covering.split(" "));
    }
}
