package org.relais.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainNameTest {
    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "EXAMPLE.Org., example.org",
        "_dmarc.example.org, _dmarc.example.org",
        "b\u00fccher.example, xn--bcher-kva.example",
        "B\u00dcCHER.example, xn--bcher-kva.example",
        // Not strasse: IDNA 2008 tells the two apart.
        "stra\u00dfe.example, xn--strae-oqa.example",
        // RFC 3492 §7.1 (A), (B) and (L)
        "\u0644\u064a\u0647\u0645\u0627\u0628\u062a\u0643\u0644\u0645\u0648\u0634\u0639\u0631\u0628\u064a\u061f.example,"
                + " xn--egbpdaj6bu4bxfgehfvwxn.example",
        "\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587, xn--ihqwcrb4cv8a8dqg056pqjye",
        "3\u5e74b\u7d44\u91d1\u516b\u5148\u751f, xn--3b-ww4c5e180e575a65lsy2b",
        "caf\u0065\u0301.example, xn--caf-dma.example",
    })
    void encodesAsDnsIsAsked(String name, String ascii) {
        assertThat(DomainName.ascii(name)).contains(ascii);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                ".example.org",
                "example.org..",
                "a b.example",
                "a\\046b.example",
                "a@b.example",
                "a\u0000b.example",
                "a/b",
                "[192.0.2.1]",
                "\ud800.example",
                "0123456789012345678901234567890123456789012345678901234567890123.example",
            })
    void whatIsNoNameIsNone(String name) {
        assertThat(DomainName.ascii(name)).isEmpty();
    }

    @Test
    void aNameHas253CharactersAtMost() {
        var fits = "a.".repeat(126) + "b";

        assertThat(DomainName.ascii(fits)).contains(fits);
        assertThat(DomainName.ascii("c" + fits)).isEmpty();
        assertThat(DomainName.ascii("\u00fc.".repeat(100) + "b")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"})
    void readsAddressLiterals(String text) {
        assertThat(AddressLiteral.of(text)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"192.0.2", "192.0.2.256", "example.org", "1.2.3.4.5", "2001:db8::1::2", "fe80::1%eth0", "0x7f.1"
            })
    void aNameIsNoAddressLiteral(String text) {
        assertThat(AddressLiteral.of(text)).isEmpty();
    }

    @Test
    void theDomainOfAMailboxMayBeAnAddress() {
        assertThat(AddressLiteral.ofDomain("[192.0.2.1]")).isPresent();
        assertThat(AddressLiteral.ofDomain("[IPv6:2001:db8::1]")).isPresent();
        assertThat(AddressLiteral.ofDomain("[2001:db8::1]")).isEmpty();
        assertThat(AddressLiteral.ofDomain("[IPv6:192.0.2.1]")).isEmpty();
        assertThat(AddressLiteral.ofDomain("[x400:unknown]")).isEmpty();
        assertThat(AddressLiteral.ofDomain("192.0.2.1")).isEmpty();
    }
}
