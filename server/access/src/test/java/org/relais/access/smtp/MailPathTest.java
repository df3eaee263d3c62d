package org.relais.access.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailPathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice@example.org",
                "a.b+c@example.org",
                "!#$%&'*+-/=?^_`{|}~@example.org",
                "\"a b\"@example.org",
                "\"a\\\"@b\"@example.org",
                "alice@[192.0.2.1]",
                "alice@[IPv6:2001:db8::1]",
                "alice@localhost",
                "alice@a_b.example.org"
            })
    void readsWhatTheStandardAllows(String text) {
        assertThat(MailPath.parse(text)).map(MailPath::address).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alice",
                "@example.org",
                "alice@",
                "a@b@example.org",
                ".a@example.org",
                "a.@example.org",
                "a..b@example.org",
                "a b@example.org",
                "\"a@example.org",
                "\"\"@example.org",
                "\"a\"b@example.org",
                "alice@-example.org",
                "alice@example..org",
                "alice@[",
                "alice@[]",
                "é@example.org",
                "alice@exämple.org"
            })
    void refusesTheRest(String text) {
        assertThat(MailPath.parse(text)).isEmpty();
    }

    @Test
    void dropsASourceRoute() {
        assertThat(MailPath.parse("@a.example,@b.example:bob@example.org"))
                .map(MailPath::address)
                .contains("bob@example.org");
    }

    @Test
    void refusesALocalPartOfMoreThan64Octets() {
        assertThat(MailPath.parse("a".repeat(64) + "@example.org")).isPresent();
        assertThat(MailPath.parse("a".repeat(65) + "@example.org")).isEmpty();
    }
}
