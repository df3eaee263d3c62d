package org.relais.spool.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.relais.model.QueueId;
import org.relais.spool.Disposition;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.OpaqueState;
import org.relais.spool.Stage;

final class MailStateTest {
    private static final MailState FULL = new MailState(
            "Q1.part",
            "transport",
            "why é",
            "host",
            "192.0.2.1",
            Instant.ofEpochMilli(1234),
            Map.of("b", "{\"serializer\":\"StringSerializer\",\"value\":\"x\"}", "a", "1"),
            "X-A: é\r\n",
            List.of("X-Own: 1"),
            "outgoing",
            Disposition.FAILED_WITH_DSN,
            new DsnRequest("HDRS", "QQ314159", "SUCCESS,DELAY", "rfc822;bob+2Btag@example.org"));

    @Test
    void survivesItsOwnBytes() {
        assertThat(decode(FULL.encode())).isEqualTo(FULL);
        MailState received = MailState.received("Q1", "192.0.2.1", Instant.EPOCH, Map.of());
        assertThat(decode(received.encode())).isEqualTo(received);
    }

    @Test
    void readsStatesFromBeforeThereWereRequests() {
        MailState without = FULL.withDsn(DsnRequest.NONE);

        assertThat(without.encode().bytes()[0]).isEqualTo((byte) 1);
        assertThat(decode(without.encode())).isEqualTo(without);
    }

    @Test
    void isOneMailWithWhatDiffersOnlyForItsForwardPath() {
        MailState other = FULL.withOwnFields(List.of()).withDsn(FULL.dsn().forRecipient("NEVER", ""));

        assertThat(other.common()).isEqualTo(FULL.common());
        assertThat(FULL.common().dsn()).isEqualTo(new DsnRequest("HDRS", "QQ314159", "", ""));
    }

    @Test
    void refusesEveryShorterText() {
        byte[] whole = FULL.encode().bytes();
        for (int length = 0; length < whole.length; length++) {
            OpaqueState cut = OpaqueState.of(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static MailState decode(OpaqueState state) {
        return MailState.of(EnvelopeDetails.of(new QueueId("Q1"), "", "a@example.org", Stage.CHAIN)
                .withState(state));
    }
}
