package org.relais.chain.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.relais.model.QueueId;
import org.relais.model.QueueIdGenerator;

class MailNameTest {
    private final QueueIdGenerator ids = new QueueIdGenerator(() -> Instant.parse("2026-11-23T12:00:00Z"));

    @Test
    void keepsTheQueueIdOfAPart() {
        QueueId id = ids.next();

        String part = MailName.ofPart(id.value(), ids);

        assertThat(part).isNotEqualTo(id.value()).startsWith(id.value());
        assertThat(MailName.queueId(part)).isEqualTo(id);
    }

    @Test
    void givesPartsOfPartsNoLongerNames() {
        QueueId id = ids.next();
        String part = MailName.ofPart(id.value(), ids);

        String again = MailName.ofPart(part, ids);

        assertThat(again).hasSameSizeAs(part).isNotEqualTo(part);
        assertThat(MailName.queueId(again)).isEqualTo(id);
    }

    @Test
    void makesForeignNamesFit() {
        assertThat(MailName.queueId("ID-!1234567").value()).isEqualTo("ID-_1234567");
        assertThat(MailName.queueId("x".repeat(500)).value()).hasSize(128);
    }
}
