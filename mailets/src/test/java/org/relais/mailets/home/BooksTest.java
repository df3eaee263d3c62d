package org.relais.mailets.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.james.vacation.api.AccountId;
import org.apache.james.vacation.api.VacationPatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.mailets.octets.NastyMail;
import org.relais.spool.Changes;
import org.relais.spool.Claim;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.Origin;
import org.relais.spool.Stage;

/** Every way into and out of the spool, by real mailets and a next hop, is counted once. */
class BooksTest {
    private static final String CHAIN = "<processor state='root'>"
            + "<mailet match='RecipientIs=list@example.org' class='RecipientRewriteTable'/>"
            + "<mailet match='RecipientIs=away@example.org' class='VacationMailet'/>"
            + "<mailet match='RecipientIs=moved@example.org' class='Forward'><forwardTo>dave@example.org</forwardTo></mailet>"
            + "<mailet match='RecipientIs=watched@example.org' class='NotifyPostmaster'><passThrough>true</passThrough></mailet>"
            + "<mailet match='RecipientIs=spam@example.org' class='ToRepository'>"
            + "<repositoryPath>file://var/mail/spam</repositoryPath></mailet>"
            + "<mailet match='RecipientIs=void@example.org' class='Null'/>"
            + "<mailet match='HostIs=example.org' class='LocalDelivery'/>"
            + "<mailet match='All' class='RemoteDelivery'/></processor>"
            + ServerHome.BOUNCES + ServerHome.ERROR;

    @TempDir
    Path directory;

    @Test
    void everyOriginAndEveryDispositionIsCountedAndTheBooksAddUp() throws Exception {
        try (World world = new World()) {
            world.alias("list", "bob@example.org");
            world.alias("list", "carol@example.org");
            world.vacations
                    .modifyVacation(AccountId.fromString("away@example.org"), vacation())
                    .block();
            world.hop.reply("RCPT TO:<unknown@", "550 5.1.1 nobody of that name");
            world.hop.reply("RCPT TO:<slow@", "451 4.7.1 greylisted");
            try (ServerHome home = new ServerHome(directory, world, Kill.none(directory)).start(CHAIN)) {
                home.accept(mail(
                                "list@example.org",
                                "away@example.org",
                                "moved@example.org",
                                "watched@example.org",
                                "spam@example.org",
                                "void@example.org",
                                "eve@example.net",
                                "unknown@example.net",
                                "slow@example.net"))
                        .runAll();
                MailImpl bounce = mail("unknown@example.net");
                bounce.setSender(null);
                home.accept(bounce).runAll();
                home.runAll();
                Envelope slow = home.in(Stage.DELIVERY).get(0);
                Claim claim = home.spool.claim(slow.id(), Duration.ofMinutes(1)).orElseThrow();
                home.spool
                        .commit(new Changes().remove(claim, Disposition.REMOVED))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);

                Map<Origin, Long> came = new EnumMap<>(Map.of(
                        Origin.ACCEPTED, 10L,
                        Origin.EXPANSION, 2L,
                        Origin.REPLY, 1L,
                        Origin.FORWARD, 1L,
                        Origin.COPY, 1L,
                        Origin.DSN, 1L));
                Map<Disposition, Long> left = new EnumMap<>(Map.of(
                        // bob carol away dave watched eve; alice: reply and DSN; the postmaster
                        Disposition.DELIVERED, 9L,
                        Disposition.FAILED_WITH_DSN, 1L,
                        Disposition.FAILED_SILENTLY, 1L,
                        Disposition.QUARANTINED, 1L,
                        Disposition.DISCARDED, 1L,
                        Disposition.REPLACED, 2L,
                        Disposition.REMOVED, 1L));
                assertThat(home.accounts().came()).isEqualTo(came);
                assertThat(home.accounts().left()).isEqualTo(left);
                assertThat(home.accounts().inSpool()).isZero();
                assertThat(home.accounts().difference()).isZero();
            }
        }
    }

    private static VacationPatch vacation() {
        return VacationPatch.builder()
                .isEnabled(true)
                .subject("away")
                .textBody("I am away")
                .fromDate(ZonedDateTime.parse("2026-01-01T00:00:00Z"))
                .build();
    }

    private static MailImpl mail(String... recipients) throws Exception {
        MailImpl mail = NastyMail.PLAIN.mail();
        java.util.ArrayList<MailAddress> addresses = new java.util.ArrayList<>();
        for (String recipient : List.of(recipients)) {
            addresses.add(new MailAddress(recipient));
        }
        mail.setRecipients(addresses);
        return mail;
    }
}
