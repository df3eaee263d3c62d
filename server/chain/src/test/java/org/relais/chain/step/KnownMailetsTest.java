package org.relais.chain.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relais.spool.Disposition;
import org.relais.spool.Origin;

/** How what mailets make and end is counted. */
class KnownMailetsTest {
    private static final String JAMES = "org.apache.james.transport.mailets.";

    @ParameterizedTest
    @CsvSource({
        "DSNBounce, true, DSN",
        "Bounce, true, DSN",
        "NotifySender, true, DSN",
        "NotifyPostmaster, false, COPY",
        "LocalDelivery, true, DSN",
        "LocalDelivery, false, COPY",
        "Forward, false, FORWARD",
        "Redirect, false, FORWARD",
        "Resend, true, FORWARD",
        "Sieve, false, FORWARD",
        "Sieve, true, REPLY",
        "VacationMailet, true, REPLY",
        "RecipientRewriteTable, false, EXPANSION",
        "Requeue, false, EXPANSION",
        "FromRepository, false, COPY",
        "SomethingElse, false, COPY"
    })
    void countsTheMailsThatAMailetMakes(String mailet, boolean isNullReversePath, Origin origin) {
        assertThat(KnownMailets.originOf(JAMES + mailet, isNullReversePath)).isEqualTo(origin);
    }

    @Test
    void countsWhatAMailetEnds() {
        assertThat(ends("org.relais.mailets.delivery.MailboxDelivery")).isEqualTo(Disposition.DELIVERED);
        assertThat(ends(JAMES + "ToRepository")).isEqualTo(Disposition.QUARANTINED);
        assertThat(ends(JAMES + "Null")).isEqualTo(Disposition.DISCARDED);
        assertThat(ends("com.example.Anything")).isEqualTo(Disposition.DISCARDED);
        assertThat(ends(JAMES + "Forward", Origin.FORWARD)).isEqualTo(Disposition.REPLACED);
        assertThat(ends("org.relais.mailets.rewriting.Forward", Origin.FORWARD)).isEqualTo(Disposition.REPLACED);
        assertThat(ends(JAMES + "RecipientRewriteTable", Origin.EXPANSION)).isEqualTo(Disposition.REPLACED);
        assertThat(ends(JAMES + "DSNBounce", Origin.DSN)).isEqualTo(Disposition.FAILED_WITH_DSN);
        assertThat(ends("org.relais.mailets.delivery.DSNBounce", Origin.DSN)).isEqualTo(Disposition.FAILED_WITH_DSN);
        assertThat(ends("org.relais.mailets.delivery.DSNBounce")).isEqualTo(Disposition.FAILED_SILENTLY);
        assertThat(ends(JAMES + "DSNBounce")).isEqualTo(Disposition.FAILED_SILENTLY);
    }

    @Test
    void whatFailedHasFailedWhoeverEndsIt() {
        Optional<Disposition> told = KnownMailets.known(Optional.of(Disposition.FAILED_SILENTLY), Set.of(Origin.DSN));

        assertThat(told).contains(Disposition.FAILED_WITH_DSN);
        assertThat(KnownMailets.dispositionOf(JAMES + "Null", Set.of(), told)).isEqualTo(Disposition.FAILED_WITH_DSN);
        assertThat(KnownMailets.dispositionOf(JAMES + "Null", Set.of(), Optional.of(Disposition.FAILED_SILENTLY)))
                .isEqualTo(Disposition.FAILED_SILENTLY);
    }

    @Test
    void whatIsKeptInARepositoryIsNotGone() {
        assertThat(KnownMailets.dispositionOf(
                        JAMES + "ToRepository", Set.of(), Optional.of(Disposition.FAILED_SILENTLY)))
                .isEqualTo(Disposition.QUARANTINED);
        assertThat(KnownMailets.dispositionOfKept(Optional.of(Disposition.FAILED_WITH_DSN)))
                .isEqualTo(Disposition.FAILED_WITH_DSN);
    }

    @Test
    void nothingUnknownStaysWithinTheMail() {
        assertThat(KnownMailets.staysWithinTheMail(JAMES + "SetMimeHeader")).isTrue();
        assertThat(KnownMailets.staysWithinTheMail(JAMES + "ToRepository")).isFalse();
        assertThat(KnownMailets.staysWithinTheMail("com.example.SetMimeHeader")).isFalse();
    }

    private static Disposition ends(String mailet, Origin... made) {
        return KnownMailets.dispositionOf(mailet, Set.of(made));
    }
}
