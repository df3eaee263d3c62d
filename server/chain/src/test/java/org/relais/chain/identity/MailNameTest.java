package org.relais.chain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.apache.james.server.core.MailImpl;
import org.junit.jupiter.api.Test;
import org.relais.model.QueueId;
import org.relais.model.QueueIdGenerator;

class MailNameTest {
    private final QueueIdGenerator ids = new QueueIdGenerator(() -> Instant.parse("2026-11-23T12:00:00Z"));

    @Test
    void keepsTheQueueIdOfAPart() {
        QueueId id = ids.next();

        String part = MailName.ofEnvelope(id.value(), 7);

        assertThat(part).isNotEqualTo(id.value()).startsWith(id.value());
        assertThat(MailName.queueId(part)).isEqualTo(id);
    }

    @Test
    void givesPartsOfPartsNoLongerNames() {
        QueueId id = ids.next();
        String part = MailName.ofEnvelope(id.value(), 7);

        String again = MailName.ofEnvelope(part, 8);

        assertThat(again).hasSameSizeAs(part).isNotEqualTo(part);
        assertThat(MailName.queueId(again)).isEqualTo(id);
    }

    @Test
    void givesTheSameEnvelopeTheSameNameAndEachItsOwn() {
        Set<String> names = new HashSet<>();

        for (long envelope = 1; envelope <= 2000; envelope++) {
            names.add(MailName.ofEnvelope("0123456789BCD", envelope));
        }

        assertThat(names).hasSize(2000).contains(MailName.ofEnvelope("0123456789BCD", 1024));
        assertThat(MailName.ofEnvelope("0123456789BCD", Long.MAX_VALUE)).doesNotContain("-");
    }

    @Test
    void makesForeignNamesFit() {
        assertThat(MailName.queueId("ID-!1234567").value()).isEqualTo("ID-_1234567");
        assertThat(MailName.queueId("x".repeat(500)).value()).hasSize(128);
    }

    @Test
    void jamesSeesHowOftenAMailWasDerivedHoweverManyPartsWereMade() throws Exception {
        MailImpl mail = MailImpl.builder()
                .name("0123456789BCD")
                .sender("alice@example.org")
                .build();
        for (int generation = 1; generation <= 8; generation++) {
            mail.setName(MailName.ofEnvelope(mail.getName(), generation));
            mail = MailImpl.duplicateWithoutMessage(mail).build();
            assertThat(mail.getName()).startsWith("0123456789BCD");
        }
        mail.setName(MailName.ofEnvelope(mail.getName(), 9));
        MailImpl last = mail;

        assertThatThrownBy(() -> MailImpl.duplicateWithoutMessage(last)).hasMessageContaining("Possible loop");
    }

    @Test
    void aDerivedMailHasAQueueIdOfItsOwnThatItsPartsKeep() {
        String derived = MailName.ofEnvelope("0123456789BCD", 7) + "-!1234567";

        assertThat(MailName.queueId(derived).value()).isEqualTo("0123456789BCD-_1234567");
        assertThat(MailName.queueId(MailName.ofEnvelope(derived, 8))).isEqualTo(MailName.queueId(derived));
        assertThat(MailName.queueId(MailName.ofEnvelope(derived, 8) + "-!7654321")
                        .value())
                .isEqualTo("0123456789BCD_-_7654321");
    }
}
