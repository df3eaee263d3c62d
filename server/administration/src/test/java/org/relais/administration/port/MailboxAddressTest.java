package org.relais.administration.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxAddressTest {
    @Test
    void readsAnAddressInLowerCaseWithTheDomainAsALabels() throws Exception {
        assertThat(MailboxAddress.parse("Anne.O'Neil+lists@Bücher.Example"))
                .hasToString("anne.o'neil+lists@xn--bcher-kva.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "alice",
                "alice@",
                "@example.org",
                "a..b@example.org",
                ".a@example.org",
                "a b@example.org",
                "a\r\nb@example.org",
                "\"a b\"@example.org",
                "a@-example.org",
                "a@example..org",
                "a@example.org.",
                "a@127.0.0.1",
                "a@[127.0.0.1]",
                "a@exa_mple.org",
                "a/../b@e/x",
                "é@example.org"
            })
    void refusesWhatNoAccountCanBeNamedAndSaysHowToWriteIt(String typed) {
        var refusal = catchThrowableOfType(Refusal.class, () -> MailboxAddress.parse(typed));

        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.INVALID);
        assertThat(refusal.remedy()).isNotEmpty();
        assertThat(refusal.what()).doesNotContain("\r", "\n");
    }

    @Test
    void refusesALocalPartOf65Octets() {
        assertThat(catchThrowableOfType(Refusal.class, () -> MailboxAddress.parse("a".repeat(65) + "@example.org")))
                .isNotNull();
    }
}
