package org.relais.spool.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.relais.model.QueueId;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.OpaqueState;
import org.relais.spool.Stage;

class StoredMailTest {
    private static final EnvelopeDetails DETAILS =
            EnvelopeDetails.of(new QueueId("q"), "", "bob@example.org", Stage.CHAIN);
    private static final StoredMail MAIL = new StoredMail(
            MailState.received("q", "192.0.2.1", Instant.ofEpochMilli(5), Map.of("a", "{}")),
            List.of(
                    new Addressee("bob@example.org", List.of("X: \u20ac")),
                    new Addressee("eve@example.org", List.of())),
            List.of(new Addressee("other@example.org", List.of("Y: 1", "Y: 2"))));

    @Test
    void isTheSameAfterItWasWrittenAndRead() {
        assertThat(StoredMail.of(DETAILS.withState(MAIL.encode()))).isEqualTo(MAIL);
    }

    @Test
    void isRefusedCutAtAnyPlace() {
        byte[] whole = MAIL.encode().bytes();

        for (int length = 0; length < whole.length; length++) {
            OpaqueState cut = OpaqueState.of(java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> StoredMail.of(DETAILS.withState(cut)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
