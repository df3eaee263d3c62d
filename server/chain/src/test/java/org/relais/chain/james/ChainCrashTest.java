package org.relais.chain.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.chain.james.TestChain.KEEPING_ERROR;
import static org.relais.chain.james.TestChain.mail;
import static org.relais.chain.james.TestChain.recipients;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.Origin;
import org.relais.spool.Spool;
import org.relais.spool.Stage;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.LogSpool;
import org.relais.spool.mail.MailState;

/** What a kill of the process repeats, and what it does not: the spool's files of that moment, opened again. */
class ChainCrashTest {
    private static final String STEPS = "<processor state='root'>"
            + "<mailet match='RecipientIs=carol@example.org' class='Null'/>"
            + "<mailet match='All' class='Effect'/>"
            + "<mailet match='All' class='Copying'/>"
            + "<mailet match='All' class='Edit'/>"
            + "<mailet match='All' class='Expand'/>"
            + "<mailet match='All' class='Out'/>"
            + "</processor>" + KEEPING_ERROR;

    @TempDir
    Path home;

    private final List<String> seen = new ArrayList<>();
    private final ExecutorService io = Executors.newSingleThreadExecutor();
    private final TestClock clock = new TestClock();
    private Path directory;
    private Path killed;
    private String killAt = "";

    @BeforeEach
    void makeDirectory() throws Exception {
        directory = Files.createDirectory(home.resolve("spool"));
    }

    @AfterEach
    void stop() {
        io.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({
        "before Effect, Effect[bob] Copying[bob] Edit[bob] Expand[bob] Out[eve frank]",
        "after Effect, Effect[bob] Copying[bob] Edit[bob] Expand[bob] Out[eve frank]",
        "before Copying, Copying[bob] Edit[bob] Expand[bob] Out[eve frank]",
        "after Copying, Copying[bob] Edit[bob] Expand[bob] Out[eve frank]",
        "before Edit, Edit[bob] Expand[bob] Out[eve frank]",
        "after Edit, Edit[bob] Expand[bob] Out[eve frank]",
        "before Expand, Expand[bob] Out[eve frank]",
        "after Expand, Expand[bob] Out[eve frank]",
        "before Out, Out[eve frank]",
        "after Out, Out[eve frank]"
    })
    void aKillRepeatsTheStepThatWasNotCommittedAndNoneBefore(String moment, String repeated) throws Exception {
        killAt = moment;
        try (Spool spool = open(directory);
                TestChain chain = chain(spool)) {
            chain.run(mail(
                    "Subject: test\r\nX-Old: 1\r\n\r\nHello\r\n".getBytes(StandardCharsets.ISO_8859_1),
                    "bob@example.org"));
        }
        killAt = "";
        seen.clear();

        try (Spool spool = open(killed);
                TestChain chain = chain(spool)) {
            chain.runDue();

            assertThat(String.join(" ", seen)).isEqualTo(repeated);
            assertThat(chain.in(Stage.CHAIN)).isEmpty();
            assertThat(TestChain.forwardPaths(chain.in(Stage.DELIVERY)))
                    .containsExactly("eve@example.org", "frank@example.org");
            for (Envelope envelope : chain.in(Stage.DELIVERY)) {
                assertThat(chain.octets(envelope)).isEqualTo("Subject: test\r\n\r\nHello\r\n");
                assertThat(MailState.of(envelope.details()).delivery()).isEqualTo("out#1");
                assertThat(envelope.details().priority()).isEqualTo(7);
            }
            assertThat(spool.accounts().came(Origin.COPY)).isEqualTo(1);
            assertThat(spool.accounts().came(Origin.EXPANSION)).isEqualTo(2);
            assertThat(spool.accounts().left(Disposition.REPLACED)).isEqualTo(1);
            assertThat(spool.accounts().left(Disposition.DISCARDED)).isEqualTo(1);
            assertThat(spool.accounts().difference()).isZero();
        }
    }

    @Test
    void nothingIsRepeatedOnceAllIsCommitted() throws Exception {
        try (Spool spool = open(directory);
                TestChain chain = chain(spool)) {
            chain.run(mail("bob@example.org"));
            killed = SpoolCopies.copyOf(directory, home);
        }
        seen.clear();

        try (Spool spool = open(killed);
                TestChain chain = chain(spool)) {
            chain.runDue();

            assertThat(seen).isEmpty();
            assertThat(chain.in(Stage.DELIVERY)).hasSize(2);
            assertThat(spool.accounts().difference()).isZero();
        }
    }

    @Test
    void aPoisonMailWaitsLongerEachTimeAndRepeatsNothingBeforeItsMailetAcrossRestarts() throws Exception {
        List<Duration> delays = new ArrayList<>();
        for (int start = 0; start < 4; start++) {
            try (Spool spool = open(directory);
                    TestChain chain = new TestChain(clock, spool)) {
                chain.mailet("Effect", mail -> seen.add("Effect"));
                chain.mailet("Poison", mail -> {
                    seen.add("Poison");
                    throw new MessagingException("poison");
                });
                chain.start("<processor state='root'><mailet match='All' class='Effect'/>"
                        + "<mailet match='All' class='Poison'/></processor>" + KEEPING_ERROR);
                if (start == 0) {
                    chain.run(mail("bob@example.org"));
                } else {
                    chain.runDue();
                }
                Envelope waiting = chain.waiting().get(0);
                Duration delay = Duration.between(spool.now(), waiting.details().nextAttempt());
                delays.add(delay);
                assertThat(waiting.details().attempts()).isEqualTo(start + 1);
                assertThat(spool.accounts().difference()).isZero();
                clock.forward(delay);
            }
        }

        assertThat(seen).containsExactly("Effect", "Poison", "Poison", "Poison", "Poison");
        assertThat(delays)
                .containsExactly(
                        Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(4), Duration.ofMinutes(8));
    }

    private Spool open(Path at) throws Exception {
        return LogSpool.open(SpoolSettings.in(at), clock, clock, io, new org.relais.spool.disk.LocalDisk());
    }

    private TestChain chain(Spool spool) throws Exception {
        TestChain chain = new TestChain(clock, spool);
        chain.mailet("Effect", mail -> step("Effect", mail, () -> {}));
        chain.mailet("Copying", mail -> step("Copying", mail, () -> chain.context.sendMail(mail("carol@example.org"))));
        chain.mailet("Edit", mail -> step("Edit", mail, () -> mail.getMessage().removeHeader("X-Old")));
        chain.mailet(
                "Expand",
                mail -> step(
                        "Expand",
                        mail,
                        () -> mail.setRecipients(
                                List.of(new MailAddress("eve@example.org"), new MailAddress("frank@example.org")))));
        chain.mailet("Out", new Out());
        chain.start(STEPS);
        return chain;
    }

    private interface Effect {
        void happen() throws Exception;
    }

    private void step(String name, Mail mail, Effect effect) throws Exception {
        killIf("before " + name);
        List<String> names = recipients(mail).stream()
                .map(address -> address.substring(0, address.indexOf('@')))
                .toList();
        seen.add(name + "[" + String.join(" ", names) + "]");
        effect.happen();
        killIf("after " + name);
    }

    private void killIf(String moment) throws Exception {
        if (moment.equals(killAt)) {
            killed = SpoolCopies.copyOf(directory, home);
        }
    }

    private final class Out extends GenericMailet implements OutgoingMailet {
        @Override
        public void service(Mail mail) throws MessagingException {
            try {
                step("Out", mail, () -> mail.setState(Mail.GHOST));
            } catch (Exception e) {
                throw new MessagingException("out", e);
            }
        }

        @Override
        public String delivery() {
            return "out#1";
        }

        @Override
        public int priority(Mail mail) {
            return 7;
        }
    }
}
