package org.relais.mailets.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.mailets.home.ServerHome.BOUNCES;
import static org.relais.mailets.home.ServerHome.ERROR;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.chain.identity.MailName;
import org.relais.mailets.octets.NastyMail;
import org.relais.spool.Changes;
import org.relais.spool.Changes.Change;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.OpaqueState;
import org.relais.spool.Origin;
import org.relais.spool.Stage;
import org.relais.spool.james.SpoolMails;
import org.relais.spool.mail.MailState;

/**
 * What a kill around a mailet's commit repeats, and that nothing is lost: the home's files of that moment, opened again
 * beside a world that did not forget.
 */
class KillTest {
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

    private ServerHome home(Kill kill) throws Exception {
        return new ServerHome(Files.createDirectories(directory.resolve("home")), world, kill);
    }

    private ServerHome killed(Kill kill) throws Exception {
        return new ServerHome(kill.taken(), world, Kill.none(directory));
    }

    private Kill kill(String moment, Predicate<Changes> at) {
        return Kill.at(directory, moment, at);
    }

    private static String root(String steps) {
        return "<processor state='root'>" + steps + "</processor>" + BOUNCES + ERROR;
    }

    private static MailImpl mail(String... recipients) throws Exception {
        MailImpl mail = NastyMail.PLAIN.mail();
        mail.setRecipients(List.of(recipients).stream().map(KillTest::address).toList());
        return mail;
    }

    private static MailAddress address(String text) {
        try {
            return new MailAddress(text);
        } catch (MessagingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Predicate<Changes> removes(Stage stage, Disposition disposition) {
        return changes -> changes.list().stream()
                .anyMatch(change -> change instanceof Change.Remove remove
                        && remove.disposition() == disposition
                        && remove.claim().envelope().stage() == stage);
    }

    private static Predicate<Changes> updates(Stage from, Stage to) {
        return changes -> changes.list().stream()
                .anyMatch(change -> change instanceof Change.Update update
                        && update.claim().envelope().stage() == from
                        && update.details().stage() == to);
    }

    private static Predicate<Changes> creates(Origin origin) {
        return changes -> changes.list().stream()
                .anyMatch(change -> change instanceof Change.Create create
                        && create.envelopes().stream().anyMatch(envelope -> envelope.origin() == origin));
    }

    @ParameterizedTest
    @CsvSource({"before, 2", "after, 1"})
    void aRelayedMailIsRepeatedIfItsDeliveryWasNotCommitted(String moment, int sent) throws Exception {
        Kill kill = kill(moment, removes(Stage.DELIVERY, Disposition.DELIVERED));
        String chain = root(DELIVER);
        try (ServerHome home = home(kill).start(chain)) {
            home.accept(mail("bob@example.net")).runAll();
        }

        try (ServerHome home = killed(kill).start(chain)) {
            home.runAll();

            assertThat(world.hop.contents).hasSize(sent);
            assertThat(home.left(Disposition.DELIVERED)).isEqualTo(1);
            assertThat(home.accounts().inSpool()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"before, 1", "after, 0"})
    void aRefusedMailIsBouncedOnce(String moment, int repeated) throws Exception {
        world.hop.reply("RCPT", "550 5.1.1 nobody of that name");
        Kill kill = kill(moment, updates(Stage.DELIVERY, Stage.CHAIN));
        String chain = root(DELIVER);
        try (ServerHome home = home(kill).start(chain)) {
            home.accept(mail("bob@example.net"));
            home.runChain();
            home.deliver();
        }
        long before = attempts();

        try (ServerHome home = killed(kill).start(chain)) {
            home.runAll();

            assertThat(attempts() - before).isEqualTo(repeated);
            assertThat(world.messages("alice", "INBOX"))
                    .singleElement()
                    .satisfies(dsn -> assertThat(dsn).contains("bob@example.net", "550 5.1.1 nobody of that name"));
            assertThat(home.came(Origin.DSN)).isEqualTo(1);
            assertThat(home.left(Disposition.FAILED_WITH_DSN)).isEqualTo(1);
            assertThat(home.accounts().inSpool()).isZero();
        }
    }

    private long attempts() {
        return world.hop.commands.stream()
                .filter(command -> command.startsWith("RCPT"))
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void aDeferredMailWaitsAndGoesOut(String moment) throws Exception {
        world.hop.reply("RCPT", "451 4.7.1 greylisted");
        Kill kill = kill(moment, updates(Stage.DELIVERY, Stage.DELIVERY));
        String chain = root(DELIVER);
        try (ServerHome home = home(kill).start(chain)) {
            home.accept(mail("bob@example.net")).runAll();
        }

        try (ServerHome home = killed(kill).start(chain)) {
            home.runAll();
            Envelope waiting = home.in(Stage.DELIVERY).get(0);
            assertThat(waiting.details().attempts()).isEqualTo(1);
            assertThat(waiting.details().reason()).contains("451 4.7.1");
            world.hop.reply("RCPT", "250 2.1.5 ok");
            world.forward(Duration.between(home.spool.now(), waiting.details().nextAttempt()));

            home.runAll();

            assertThat(world.hop.contents).hasSize(1);
            assertThat(home.accounts().inSpool()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void aMailThatExpiresAtAMailetIsInTheErrorRepositoryOnce(String moment) throws Exception {
        Kill kill = kill(moment, removes(Stage.CHAIN, Disposition.QUARANTINED));
        String chain = root("<mailet match='All' class='Poison'/>");
        ServerHome.Service poison = mail -> {
            throw new MessagingException("poison");
        };
        try (ServerHome home = home(kill).mailet("Poison", poison).start(chain)) {
            home.accept(mail("bob@example.org", "carol@example.org")).runChain();
            assertThat(home.in(Stage.CHAIN)).hasSize(2);
            world.forward(Duration.ofDays(6));
            home.runChain();
        }

        try (ServerHome home = killed(kill).mailet("Poison", poison).start(chain)) {
            home.runChain();

            assertThat(home.kept("var/mail/error")).containsExactly(NastyMail.PLAIN.octets());
            assertThat(home.left(Disposition.QUARANTINED)).isEqualTo(2);
            assertThat(home.accounts().inSpool()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void aMailThatNothingEndsIsKeptOnce(String moment) throws Exception {
        Kill kill = kill(moment, removes(Stage.CHAIN, Disposition.QUARANTINED));
        String chain =
                "<processor state='root'><mailet match='RecipientIs=carol@example.org' class='Null'/></processor>"
                        + "<processor state='error'/>";
        try (ServerHome home = home(kill).start(chain)) {
            home.accept(mail("bob@example.org", "carol@example.org", "dave@example.org"))
                    .runChain();
        }

        try (ServerHome home = killed(kill).start(chain)) {
            home.runChain();

            assertThat(home.kept("var/mail/kept")).containsExactly(NastyMail.PLAIN.octets());
            assertThat(home.left(Disposition.QUARANTINED)).isEqualTo(2);
            assertThat(home.left(Disposition.DISCARDED)).isEqualTo(1);
            assertThat(home.accounts().inSpool()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"before, 2", "after, 1"})
    void mailboxesThatTookAMailGetItAgainOnlyIfThatWasNotCommitted(String moment, int copies) throws Exception {
        world.script("bob", "require \"fileinto\"; fileinto \"no%such*name\";");
        Kill kill = kill(moment, removes(Stage.CHAIN, Disposition.DELIVERED));
        String chain = root("<mailet match='All' class='Sieve'/>" + DELIVER);
        try (ServerHome home = home(kill).start(chain)) {
            home.accept(mail("bob@example.org", "carol@example.org")).runChain();
        }

        try (ServerHome home = killed(kill).start(chain)) {
            home.runChain();

            assertThat(world.messages("carol", "INBOX")).hasSize(copies);
            assertThat(home.forwardPaths(Stage.CHAIN)).containsExactly("bob@example.org");
            assertThat(home.left(Disposition.DELIVERED)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void anAliasIsExpandedOnce(String moment) throws Exception {
        world.alias("list", "bob@example.org");
        world.alias("list", "eve@example.net");
        Kill kill = kill(moment, removes(Stage.CHAIN, Disposition.REPLACED));
        String chain =
                root("<mailet match='All' class='RecipientRewriteTable'/><mailet match='All' class='ToRepository'>"
                        + "<repositoryPath>file://var/mail/all</repositoryPath></mailet>");
        try (ServerHome home = home(kill).start(chain)) {
            home.accept(mail("list@example.org", "carol@example.org")).runChain();
        }

        try (ServerHome home = killed(kill).start(chain)) {
            home.runChain();

            assertThat(home.came(Origin.EXPANSION)).isEqualTo(2);
            assertThat(home.left(Disposition.REPLACED)).isEqualTo(1);
            assertThat(home.left(Disposition.QUARANTINED)).isEqualTo(3);
            assertThat(home.accounts().inSpool()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void aDsnIsMadeOnce(String moment) throws Exception {
        Kill kill = kill(moment, creates(Origin.DSN));
        String chain =
                root("<mailet match='RecipientIs=bob@example.org' class='ToProcessor'><processor>bounces</processor>"
                        + "</mailet><mailet match='All' class='ToRepository'>"
                        + "<repositoryPath>file://var/mail/all</repositoryPath></mailet>");
        try (ServerHome home = home(kill).start(chain)) {
            home.accept(mail("bob@example.org")).runChain();
        }

        try (ServerHome home = killed(kill).start(chain)) {
            home.runChain();

            assertThat(home.kept("var/mail/all")).hasSize(1);
            assertThat(home.came(Origin.DSN)).isEqualTo(1);
            assertThat(home.accounts().inSpool()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void aMailetThatSendsAndThrowsSendsOnceAtItsRetry(String moment) throws Exception {
        boolean[] fails = {true};
        Kill kill = kill(moment, updates(Stage.CHAIN, Stage.CHAIN));
        String chain = root("<mailet match='RecipientIs=frank@example.org' class='LocalDelivery'/>"
                + "<mailet match='All' class='Sending'/>");
        AtomicReference<ServerHome> running = new AtomicReference<>();
        ServerHome.Service sending = mail -> {
            running.get().context.sendMail(mail("frank@example.org"));
            if (fails[0]) {
                throw new MessagingException("after sending");
            }
            mail.setState(org.apache.mailet.Mail.GHOST);
        };
        try (ServerHome home = home(kill).mailet("Sending", sending).start(chain)) {
            running.set(home);
            home.accept(mail("bob@example.org")).runChain();
            assertThat(world.messages("frank", "INBOX")).isEmpty();
        }

        try (ServerHome home = killed(kill).mailet("Sending", sending).start(chain)) {
            running.set(home);
            home.runChain();
            assertThat(home.came(Origin.COPY)).isZero();
            fails[0] = false;
            world.forward(Duration.ofHours(1));
            home.runChain();

            assertThat(world.messages("frank", "INBOX")).hasSize(1);
            assertThat(home.came(Origin.COPY)).isEqualTo(1);
            assertThat(home.accounts().inSpool()).isZero();
        }
    }

    @Test
    void aMailThatAThreadOfAMailetSendsIsDurableWhenItIsSent() throws Exception {
        Kill kill = Kill.none(directory);
        String chain = root("<mailet match='RecipientIs=frank@example.org' class='LocalDelivery'/>"
                + "<mailet match='All' class='Sending'/>");
        AtomicReference<ServerHome> running = new AtomicReference<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        ServerHome.Service sending = mail -> {
            Thread own = new Thread(() -> {
                try {
                    running.get().context.sendMail(mail("frank@example.org"));
                    kill.now(directory.resolve("home"));
                } catch (Exception e) {
                    failure.set(e);
                }
            });
            own.start();
            own.join(20_000);
            mail.setState(org.apache.mailet.Mail.GHOST);
        };
        try (ServerHome home = home(kill).mailet("Sending", sending).start(chain)) {
            running.set(home);
            home.accept(mail("bob@example.org")).runChain();
            assertThat(failure.get()).isNull();
            assertThat(world.messages("frank", "INBOX")).hasSize(1);
        }

        try (ServerHome home =
                killed(kill).mailet("Sending", mail -> mail.setState("ghost")).start(chain)) {
            assertThat(home.forwardPaths(Stage.CHAIN))
                    .containsExactlyInAnyOrder("bob@example.org", "frank@example.org");
            home.runChain();

            assertThat(world.messages("frank", "INBOX")).hasSize(2);
            assertThat(home.came(Origin.COPY)).isEqualTo(1);
        }
    }

    @Test
    void aFailureThatAnEnvelopeHasNoRoomForDoesNotRepeatTheDeliveryToOthers() throws Exception {
        world.hop.reply("RCPT TO:<unknown@", "550 5.1.1 " + "nobody of that name ".repeat(45));
        try (ServerHome home = home(Kill.none(directory)).start(root(DELIVER))) {
            home.accept(fullMail("bob@example.net", "unknown@example.net")).runAll();

            assertThat(world.hop.contents).hasSize(1);
            assertThat(home.left(Disposition.DELIVERED)).isEqualTo(1);
            assertThat(home.forwardPaths(Stage.DELIVERY)).containsExactly("unknown@example.net");
            assertThat(home.in(Stage.DELIVERY).get(0).details().nextAttempt()).isAfter(home.spool.now());
        }
    }

    /** One with an error message that leaves no room in its envelopes' state but for the name of a delivery. */
    private static MailImpl fullMail(String... recipients) throws Exception {
        SpoolMails mails = new SpoolMails(MailName::queueId);
        for (int size = OpaqueState.MAX_BYTES; ; size -= 100) {
            MailImpl mail = mail(recipients);
            mail.setErrorMessage("x".repeat(size));
            try {
                mails.stateOfWritten(mail).withDelivery("x".repeat(300)).encode();
                return mail;
            } catch (IllegalArgumentException tooMuch) {
                continue; // a little less, then
            }
        }
    }

    @Test
    void aStopAndAStartRepeatNothing() throws Exception {
        world.hop.reply("RCPT TO:<late@", "451 4.7.1 greylisted");
        String chain = root(DELIVER);
        try (ServerHome home = home(Kill.none(directory)).start(chain)) {
            home.accept(mail("bob@example.org", "eve@example.net", "late@example.net"))
                    .runAll();
        }

        try (ServerHome home = home(Kill.none(directory)).start(chain)) {
            home.runAll();

            assertThat(world.messages("bob", "INBOX")).hasSize(1);
            assertThat(world.hop.contents).hasSize(1);
            assertThat(home.forwardPaths(Stage.DELIVERY)).containsExactly("late@example.net");
            assertThat(MailState.of(home.in(Stage.DELIVERY).get(0).details()).delivery())
                    .startsWith("outgoing#");
        }
    }
}
