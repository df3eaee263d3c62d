package org.relais.testkit.mail;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OctetComparisonTest {
    private static final String SENT = "Subject: a\r\n folded\r\n\r\nbody\r\n";

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void takesAddedFieldsThatAreNamedFoldedOnesToo() {
        assertThatCode(() -> OctetComparison.below("received", "Return-Path")
                        .of(octets(SENT), octets("Return-Path: <>\r\nReceived: from a\r\n\tby b\r\n" + SENT)))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAnAddedFieldThatIsNotNamed() {
        assertThatThrownBy(() -> OctetComparison.below("received").of(octets(SENT), octets("X-Spy: 1\r\n" + SENT)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("x-spy");
    }

    @Test
    void refusesWhatIsNoWholeField() {
        assertThatThrownBy(() -> OctetComparison.below("received").of(octets(SENT), octets("Received: x" + SENT)))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> OctetComparison.below("received").of(octets(SENT), octets("\r\n" + SENT)))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void showsTheFirstOctetThatDiffersBelowTheAddedFields() {
        String changed = "Received: x\r\n" + SENT.replace(" folded", "\tfolded");

        assertThatThrownBy(() -> OctetComparison.below("Received").of(octets(SENT), octets(changed)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("differs at octet 12 ")
                .hasMessageContaining(">>>  folded")
                .hasMessageContaining(">>> \\x09folded");
    }

    @Test
    void refusesALostAndAnAddedLastOctet() {
        assertThatThrownBy(() -> OctetComparison.identical().of(octets(SENT), octets(SENT + "\r\n")))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() ->
                        OctetComparison.identical().of(octets(SENT), octets(SENT.substring(0, SENT.length() - 2))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("(end)");
    }
}
