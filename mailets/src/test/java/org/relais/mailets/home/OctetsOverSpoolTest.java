package org.relais.mailets.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.apache.james.server.core.MailImpl;
import org.apache.james.vacation.api.AccountId;
import org.apache.james.vacation.api.VacationPatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relais.mailets.octets.NastyMail;
import org.relais.spool.Disposition;
import org.relais.spool.Origin;
import org.relais.spool.Stage;
import org.relais.spool.james.DsnAttributes;
import org.relais.spool.mail.DsnRequest;
import org.relais.spool.mail.MailState;

/** From the spool through mailets that deliver, keep or send on: the octets at the other end are those that came. */
class OctetsOverSpoolTest {
    private static final String DELIVER =
            "<mailet match='HostIs=example.org' class='LocalDelivery'/><mailet match='All' class='RemoteDelivery'/>";

    @TempDir
    Path directory;

    private World world;

    @BeforeEach
    void makeWorld() throws Exception {
        world = new World();
    }

    @AfterEach
    void endWorld() throws Exception {
        world.close();
    }

    private ServerHome open(String processors) throws Exception {
        return new ServerHome(directory, world, Kill.none(directory)).start(processors);
    }

    private static String root(String steps) {
        return "<processor state='root'>" + steps + "</processor>" + ServerHome.BOUNCES + ServerHome.ERROR;
    }

    private static String returned(NastyMail mail) {
        return "Return-Path: <alice@example.org>\r\n" + mail.octets();
    }

    @ParameterizedTest
    @EnumSource(NastyMail.class)
    void localDeliveryStoresThem(NastyMail nasty) throws Exception {
        try (ServerHome home = open(root(DELIVER))) {
            home.accept(nasty.mail()).runChain();

            assertThat(world.messages("bob", "INBOX")).containsExactly(returned(nasty));
            assertThat(world.messages("carol", "INBOX")).containsExactly(returned(nasty));
            assertThat(home.left(Disposition.DELIVERED)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(NastyMail.class)
    void remoteDeliverySendsThem(NastyMail nasty) throws Exception {
        try (ServerHome home = open(root("<mailet match='All' class='RemoteDelivery'/>"))) {
            home.accept(nasty.mail()).runAll();

            assertThat(world.hop.contents).hasSize(1);
            String sent = new String(world.hop.contents.get(0), StandardCharsets.ISO_8859_1);
            assertThat(sent).isEqualTo(nasty.octets() + (nasty.octets().endsWith("\r\n") ? "" : "\r\n"));
            assertThat(home.left(Disposition.DELIVERED)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(NastyMail.class)
    void forwardSendsThemOn(NastyMail nasty) throws Exception {
        try (ServerHome home =
                open(root("<mailet match='RecipientIs=bob@example.org,carol@example.org' class='Forward'>"
                        + "<forwardTo>eve@example.net, frank@example.org</forwardTo></mailet>" + DELIVER))) {
            home.accept(nasty.mail()).runAll();

            assertThat(world.messages("frank", "INBOX")).containsExactly(returned(nasty));
            assertThat(world.hop.commands).contains("RCPT TO:<eve@example.net>");
            assertThat(world.hop.commands).anyMatch(command -> command.startsWith("MAIL FROM:<alice@example.org>"));
            assertThat(new String(world.hop.contents.get(0), StandardCharsets.ISO_8859_1))
                    .startsWith(nasty.octets());
            assertThat(home.came(Origin.FORWARD)).isEqualTo(2);
            assertThat(home.left(Disposition.REPLACED)).isEqualTo(2);
            assertThat(home.left(Disposition.DELIVERED)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(NastyMail.class)
    void sieveFilesRedirectsAndKeepsThem(NastyMail nasty) throws Exception {
        world.script("bob", "require \"fileinto\"; fileinto \"INBOX.lists\";");
        world.script("carol", "redirect \"eve@example.net\";");
        try (ServerHome home = open(root("<mailet match='HostIs=example.org' class='Sieve'/>" + DELIVER))) {
            MailImpl mail = nasty.mail();
            mail.setRecipients(List.of(
                    new org.apache.james.core.MailAddress("bob@example.org"),
                    new org.apache.james.core.MailAddress("carol@example.org"),
                    new org.apache.james.core.MailAddress("dave@example.org")));

            home.accept(mail).runAll();

            assertThat(world.messages("bob", "INBOX.lists")).containsExactly(returned(nasty));
            assertThat(world.messages("bob", "INBOX")).isEmpty();
            assertThat(world.messages("dave", "INBOX")).containsExactly(returned(nasty));
            assertThat(world.messages("carol", "INBOX")).isEmpty();
            assertThat(world.hop.contents).hasSize(1);
            assertThat(new String(world.hop.contents.get(0), StandardCharsets.ISO_8859_1))
                    .startsWith(nasty.octets());
            assertThat(home.came(Origin.FORWARD)).isEqualTo(1);
            assertThat(home.left(Disposition.REPLACED)).isEqualTo(1);
            assertThat(home.left(Disposition.DELIVERED)).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource(NastyMail.class)
    void vacationAnswersAndLeavesThem(NastyMail nasty) throws Exception {
        world.vacations
                .modifyVacation(
                        AccountId.fromString("carol@example.org"),
                        VacationPatch.builder()
                                .isEnabled(true)
                                .subject("away")
                                .textBody("I am away")
                                .fromDate(ZonedDateTime.parse("2026-01-01T00:00:00Z"))
                                .build())
                .block();
        try (ServerHome home =
                open(root("<mailet match='RecipientIs=carol@example.org' class='VacationMailet'/>" + DELIVER))) {
            home.accept(nasty.mail()).runAll();

            assertThat(world.messages("carol", "INBOX")).containsExactly(returned(nasty));
            assertThat(world.messages("alice", "INBOX"))
                    .singleElement()
                    .satisfies(answer -> assertThat(answer).contains("Subject: away", "I am away"));
            assertThat(home.came(Origin.REPLY)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(NastyMail.class)
    void repositoriesKeepThemAndGiveThemBack(NastyMail nasty) throws Exception {
        String keeping = "<mailet match='All' class='ToSenderDomainRepository'>"
                + "<urlPrefix>file://var/mail/of/</urlPrefix><passThrough>true</passThrough></mailet>"
                + "<mailet match='All' class='ToRepository'><repositoryPath>file://var/mail/spam</repositoryPath></mailet>";
        try (ServerHome home = open(root(keeping))) {
            home.accept(nasty.mail()).runChain();

            assertThat(home.kept("var/mail/spam")).containsExactly(nasty.octets());
            assertThat(home.kept("var/mail/of/example.org")).containsExactly(nasty.octets());
            assertThat(home.left(Disposition.QUARANTINED)).isEqualTo(2);
        }

        String giving = "<mailet match='RecipientIs=trigger@example.org' class='FromRepository'>"
                + "<repositoryPath>file://var/mail/spam</repositoryPath><delete>true</delete></mailet>" + DELIVER;
        try (ServerHome home = open(root(giving))) {
            assertThat(home.kept("var/mail/spam")).containsExactly(nasty.octets());
            MailImpl trigger = nasty.mail();
            trigger.setRecipients(List.of(new org.apache.james.core.MailAddress("trigger@example.org")));
            home.accept(trigger).runChain();

            assertThat(world.messages("bob", "INBOX")).containsExactly(returned(nasty));
            assertThat(world.messages("carol", "INBOX")).containsExactly(returned(nasty));
            assertThat(home.kept("var/mail/spam")).isEmpty();
            assertThat(home.came(Origin.COPY)).isEqualTo(2);
            assertThat(home.left(Disposition.DISCARDED)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(NastyMail.class)
    void requeueAndFoldersAndAliasesLeaveThem(NastyMail nasty) throws Exception {
        world.alias("bob", "dave@example.org");
        world.alias("bob", "eve@example.org");
        String chain = "<processor state='root'><mailet match='All' class='ToSenderFolder'/>"
                + "<mailet match='All' class='Requeue'><processor>second</processor></mailet></processor>"
                + "<processor state='second'><mailet match='All' class='RecipientRewriteTable'/>"
                + DELIVER + "</processor>" + ServerHome.BOUNCES + ServerHome.ERROR;
        try (ServerHome home = open(chain)) {
            home.accept(nasty.mail()).runChain();

            assertThat(world.messages("alice", "Sent")).containsExactly(nasty.octets());
            assertThat(world.messages("bob", "INBOX")).isEmpty();
            for (String user : List.of("carol", "dave", "eve")) {
                assertThat(world.messages(user, "INBOX")).as(user).containsExactly(returned(nasty));
            }
            assertThat(home.came(Origin.EXPANSION)).isEqualTo(4);
            assertThat(home.left(Disposition.REPLACED)).isEqualTo(3);
            assertThat(home.left(Disposition.DELIVERED)).isEqualTo(3);
        }
    }

    @Test
    void aForwardKeepsWhatTheSenderAsksFor() throws Exception {
        try (ServerHome home = open(root("<mailet match='RecipientIs=bob@example.org' class='Forward'>"
                + "<forwardTo>eve@example.net</forwardTo></mailet>" + DELIVER))) {
            MailImpl mail = NastyMail.PLAIN.mail();
            DsnAttributes.show(
                    mail,
                    Map.of(
                            "bob@example.org",
                            new DsnRequest("HDRS", "QQ1", "SUCCESS,FAILURE", "rfc822;b+2Bob@example.com")));

            home.accept(mail).runChain();

            assertThat(home.in(Stage.DELIVERY))
                    .singleElement()
                    .satisfies(forwarded -> assertThat(
                                    MailState.of(forwarded.details()).dsn())
                            .isEqualTo(new DsnRequest("HDRS", "QQ1", "SUCCESS,FAILURE", "rfc822;b+2Bob@example.com")));
        }
    }

    @Test
    void aForwardForSeveralKeepsWhatAnyOfThemIsAskedFor() throws Exception {
        try (ServerHome home =
                open(root("<mailet match='RecipientIs=bob@example.org,carol@example.org' class='Forward'>"
                        + "<forwardTo>eve@example.net</forwardTo></mailet>" + DELIVER))) {
            MailImpl mail = NastyMail.PLAIN.mail();
            DsnAttributes.show(
                    mail,
                    Map.of(
                            "bob@example.org", new DsnRequest("", "QQ1", "NEVER", "rfc822;bob@example.com"),
                            "carol@example.org", new DsnRequest("", "QQ1", "SUCCESS", "")));

            home.accept(mail).runChain();

            assertThat(home.in(Stage.DELIVERY))
                    .singleElement()
                    .satisfies(forwarded -> assertThat(
                                    MailState.of(forwarded.details()).dsn())
                            .isEqualTo(new DsnRequest("", "QQ1", "SUCCESS", "")));
        }
    }

    @Test
    void aSenderWhoAskedIsToldOfTheMailbox() throws Exception {
        try (ServerHome home = open(root(DELIVER))) {
            MailImpl mail = NastyMail.PLAIN.mail();
            DsnAttributes.show(mail, Map.of("bob@example.org", new DsnRequest("", "", "SUCCESS", "")));

            home.accept(mail).runChain();

            assertThat(world.messages("bob", "INBOX")).hasSize(1);
            assertThat(world.messages("carol", "INBOX")).hasSize(1);
            assertThat(world.messages("alice", "INBOX"))
                    .singleElement()
                    .satisfies(dsn -> assertThat(dsn)
                            .startsWith("Return-Path: <>\r\n")
                            .contains(
                                    "\r\nFinal-Recipient: rfc822; Bob@example.org\r\n",
                                    "\r\nAction: delivered\r\nStatus: 2.1.5\r\n")
                            .doesNotContain("carol@example.org\r\nAction"));
            assertThat(home.came(Origin.DSN)).isEqualTo(1);
            assertThat(home.left(Disposition.DELIVERED)).isEqualTo(3);
        }
    }

    @Test
    void aForwardInCirclesStopsAndWaits() throws Exception {
        try (ServerHome home =
                open(root("<mailet match='All' class='Forward'><forwardTo>bob@example.org</forwardTo></mailet>"))) {
            home.accept(NastyMail.PLAIN.mail()).runChain();

            assertThat(home.in(Stage.CHAIN)).singleElement().satisfies(waiting -> {
                assertThat(waiting.details().reason()).contains("Possible loop");
                assertThat(waiting.details().nextAttempt()).isAfter(world.now());
            });
        }
    }

    @Test
    void aForwardToTheSenderOfTheNullReversePathGoesOn() throws Exception {
        try (ServerHome home =
                open(root("<mailet match='All' class='Forward'><forwardTo>sender</forwardTo></mailet>" + DELIVER))) {
            MailImpl mail = NastyMail.PLAIN.mail();
            mail.setSender(null);

            home.accept(mail).runChain();

            assertThat(world.messages("bob", "INBOX")).hasSize(1);
            assertThat(home.came(Origin.FORWARD)).isZero();
        }
    }

    @Test
    void aForwardThatLetsTheOriginalPassKeepsBoth() throws Exception {
        try (ServerHome home = open(root("<mailet match='RecipientIs=bob@example.org' class='Forward'>"
                + "<forwardTo>frank@example.org, replyto</forwardTo><passThrough>true</passThrough></mailet>"
                + DELIVER))) {
            home.accept(NastyMail.PLAIN.mail()).runChain();

            for (String user : List.of("alice", "bob", "carol", "frank")) {
                assertThat(world.messages(user, "INBOX")).as(user).containsExactly(returned(NastyMail.PLAIN));
            }
        }
    }
}
