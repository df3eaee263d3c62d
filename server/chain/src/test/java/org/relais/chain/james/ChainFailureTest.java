package org.relais.chain.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relais.chain.james.TestChain.KEEPING_ERROR;
import static org.relais.chain.james.TestChain.LEASE;
import static org.relais.chain.james.TestChain.forwardPaths;
import static org.relais.chain.james.TestChain.mail;
import static org.relais.chain.james.TestChain.recipients;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.spool.Stage;
import org.relais.spool.memory.InMemorySpool;

/** What becomes of mails whose mailets and matchers throw. */
class ChainFailureTest {
    private final List<String> seen = new ArrayList<>();
    private final AtomicReference<Throwable> fault = new AtomicReference<>(new MessagingException("disk on fire"));
    private TestChain chain;

    @BeforeEach
    void makeChain() throws Exception {
        chain = new TestChain();
        chain.matcher(
                "Bob",
                mail -> mail.getRecipients().stream()
                        .filter(recipient -> recipient.getLocalPart().equals("bob"))
                        .toList());
        for (String name : List.of("First", "Second", "Sorry")) {
            chain.mailet(name, mail -> seen.add(name + recipients(mail)));
        }
        chain.mailet("End", mail -> {
            seen.add("End" + recipients(mail));
            mail.setState(Mail.GHOST);
        });
        chain.mailet("Faulty", mail -> {
            seen.add("Faulty" + recipients(mail));
            Throwable thrown = fault.get();
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown != null) {
                throw (Exception) thrown;
            }
        });
        chain.matcher("FaultyMatcher", mail -> {
            seen.add("FaultyMatcher" + recipients(mail));
            Throwable thrown = fault.get();
            if (thrown instanceof Exception exception) {
                throw exception;
            }
            return mail.getRecipients();
        });
    }

    @AfterEach
    void theBooksAddUp() throws Exception {
        assertThat(chain.spool.accounts().difference()).isZero();
        chain.close();
    }

    @Test
    void aFaultDefersTheMailForAMinute() throws Exception {
        chain.start(root("<mailet match='All' class='Faulty'/><mailet match='All' class='End'/>"));

        chain.run(mail("bob@example.org"));

        assertThat(chain.waiting()).singleElement().satisfies(envelope -> {
            assertThat(envelope.details().forwardPath()).isEqualTo("bob@example.org");
            assertThat(envelope.details().attempts()).isEqualTo(1);
            assertThat(envelope.details().reason()).contains("Faulty", "disk on fire");
            assertThat(envelope.details().nextAttempt())
                    .isEqualTo(chain.clock.instant().plus(Duration.ofMinutes(1)));
        });
        assertThat(chain.events(MailEventKind.DEFERRED)).singleElement().satisfies(event -> {
            assertThat(event.field(EventField.STATUS)).contains("4.3.0");
            assertThat(event.field(EventField.ATTEMPT)).contains("1");
            assertThat(event.field(EventField.REASON).orElseThrow()).contains("Faulty", "disk on fire");
        });
    }

    @Test
    void theRetryGoesOnAtTheMailetThatFailedAndRepeatsNothingBefore() throws Exception {
        chain.start(root("<mailet match='All' class='First'/><mailet match='Bob' class='Faulty'/>"
                + "<mailet match='All' class='Second'/><mailet match='All' class='End'/>"));
        chain.run(mail("bob@example.org", "carol@example.org"));
        assertThat(seen)
                .containsExactly(
                        "First[bob@example.org, carol@example.org]",
                        "Faulty[bob@example.org]",
                        "Second[carol@example.org]",
                        "End[carol@example.org]");
        seen.clear();
        fault.set(null);

        chain.runWaiting();

        assertThat(seen).containsExactly("Faulty[bob@example.org]", "Second[bob@example.org]", "End[bob@example.org]");
        assertThat(chain.waiting()).isEmpty();
    }

    @Test
    void theRetryDoesNotAskTheMatcherAgainThatHadChosen() throws Exception {
        chain.matcher("Once", mail -> {
            seen.add("Once");
            return mail.getRecipients();
        });
        chain.start(root("<mailet match='Once' class='Faulty'/><mailet match='All' class='End'/>"));
        chain.run(mail("bob@example.org"));
        fault.set(null);

        chain.runWaiting();

        assertThat(seen)
                .containsExactly("Once", "Faulty[bob@example.org]", "Faulty[bob@example.org]", "End[bob@example.org]");
    }

    @Test
    void delaysGrowWithEachFailureAtTheSameStep() throws Exception {
        chain.start(root("<mailet match='All' class='Faulty'/><mailet match='All' class='End'/>"));

        chain.run(mail("bob@example.org"));
        chain.runWaiting();
        chain.runWaiting();

        assertThat(chain.events(MailEventKind.DEFERRED))
                .extracting(event -> event.field(EventField.ATTEMPT).orElseThrow() + " "
                        + event.field(EventField.NEXT_ATTEMPT).orElseThrow())
                .containsExactly("1 2026-11-23T12:01:00Z", "2 2026-11-23T12:02:00Z", "3 2026-11-23T12:04:00Z");
    }

    @Test
    void aStepThatSucceedsLeavesItsFailuresBehind() throws Exception {
        AtomicReference<RuntimeException> later = new AtomicReference<>(new IllegalStateException("later"));
        chain.mailet("Later", mail -> {
            if (later.get() != null) {
                throw later.get();
            }
        });
        chain.start(root("<mailet match='All' class='Faulty'/><mailet match='All' class='Later'/>"
                + "<mailet match='All' class='End'/>"));
        chain.run(mail("bob@example.org"));
        chain.runWaiting();
        fault.set(null);

        chain.runWaiting();

        assertThat(chain.events(MailEventKind.DEFERRED))
                .extracting(event -> event.field(EventField.ATTEMPT).orElseThrow())
                .containsExactly("1", "2", "1");
    }

    @Test
    void errorsOfTheJavaMachineDeferTheMailToo() throws Exception {
        fault.set(new NoClassDefFoundError("org/example/Missing"));
        chain.start(root("<mailet match='All' class='Faulty'/><mailet match='All' class='End'/>"));

        chain.run(mail("bob@example.org"));

        assertThat(chain.waiting()).hasSize(1);
    }

    @Test
    void afterFiveDaysTheMailGoesToTheErrorProcessor() throws Exception {
        chain.start(root("<mailet match='All' class='Faulty'/><mailet match='All' class='End'/>"));
        chain.run(mail("bob@example.org"));
        chain.clock.forward(Duration.ofDays(5));

        chain.runWaiting();

        assertThat(chain.waiting()).isEmpty();
        assertThat(chain.kept("var/mail/error"))
                .singleElement()
                .satisfies(kept -> assertThat(kept.getErrorMessage()).contains("disk on fire"));
    }

    @Test
    void afterFiveDaysAMailThatFailsInTheErrorProcessorIsKept() throws Exception {
        chain.start("<processor state='root'><mailet match='All' class='ToProcessor'><processor>error</processor>"
                + "</mailet></processor><processor state='error'><mailet match='All' class='Faulty'/></processor>");
        chain.run(mail("bob@example.org"));
        chain.clock.forward(Duration.ofDays(6));

        chain.runWaiting();

        assertThat(chain.waiting()).isEmpty();
        assertThat(chain.kept("var/mail/error"))
                .singleElement()
                .satisfies(kept -> assertThat(kept.attributeNames().map(AttributeName::asString))
                        .noneMatch(name -> name.startsWith("relais.chain")));
    }

    @Test
    void aMailWaitsNowhereElseWhenTheChainWasChangedMeanwhile() throws Exception {
        chain.start(root("<mailet match='All' class='First'/><mailet match='All' class='Faulty'/>"
                + "<mailet match='All' class='End'/>"));
        chain.run(mail("bob@example.org"));
        chain.processor.stop();
        seen.clear();
        chain.start(root("<mailet match='All' class='Second'/><mailet match='All' class='First'/>"
                + "<mailet match='All' class='End'/>"));

        chain.runWaiting();

        assertThat(seen).containsExactly("Second[bob@example.org]", "First[bob@example.org]", "End[bob@example.org]");
    }

    @Test
    void aChangeBehindTheStepDoesNotMakeTheMailStartAgain() throws Exception {
        chain.start(root("<mailet match='All' class='First'/><mailet match='All' class='Faulty'/>"
                + "<mailet match='All' class='End'/>"));
        chain.run(mail("bob@example.org"));
        chain.processor.stop();
        seen.clear();
        fault.set(null);
        chain.start(root("<mailet match='All' class='First'/><mailet match='All' class='Faulty'/>"
                + "<mailet match='All' class='Second'/><mailet match='All' class='End'/>"));

        chain.runWaiting();

        assertThat(seen).containsExactly("Faulty[bob@example.org]", "Second[bob@example.org]", "End[bob@example.org]");
    }

    @Test
    void ignoreGoesOnAsIfNothingHadHappened() throws Exception {
        chain.start(root("<mailet match='All' class='Faulty'><onMailetException>ignore</onMailetException></mailet>"
                + "<mailet match='All' class='End'/>"));

        chain.run(mail("bob@example.org"));

        assertThat(seen).containsExactly("Faulty[bob@example.org]", "End[bob@example.org]");
        assertThat(chain.waiting()).isEmpty();
    }

    @Test
    void aProcessorTakesOverWhenTheChainNamesOne() throws Exception {
        chain.mailet("Tell", mail -> seen.add(mail.getErrorMessage()));
        chain.start(root("<mailet match='Bob' class='Faulty'><onMailetException>sorry</onMailetException></mailet>"
                        + "<mailet match='All' class='End'/>")
                + "<processor state='sorry'><mailet match='HasException=javax.mail.MessagingException' class='Tell'/>"
                + "<mailet match='All' class='End'/></processor>");

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(seen)
                .containsExactly(
                        "Faulty[bob@example.org]",
                        "Exception calling mailet Faulty: disk on fire",
                        "End[bob@example.org]",
                        "End[carol@example.org]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<onMailetException>propagate</onMailetException>"})
    void propagateDefersAsSayingNothingDoes(String parameter) throws Exception {
        chain.start(root(
                "<mailet match='All' class='Faulty'>" + parameter + "</mailet>" + "<mailet match='All' class='End'/>"));

        chain.run(mail("bob@example.org"));

        assertThat(chain.waiting()).hasSize(1);
        assertThat(seen).containsExactly("Faulty[bob@example.org]");
    }

    @Test
    void aFaultyMatcherDefersAndIsAskedAgain() throws Exception {
        chain.start(root("<mailet match='FaultyMatcher' class='First'/><mailet match='All' class='End'/>"));
        chain.run(mail("bob@example.org"));
        fault.set(null);

        chain.runWaiting();

        assertThat(seen)
                .containsExactly(
                        "FaultyMatcher[bob@example.org]",
                        "FaultyMatcher[bob@example.org]",
                        "First[bob@example.org]",
                        "End[bob@example.org]");
    }

    @Test
    void aFaultyMatcherMatchesNobodyAllOrMovesAsTheChainSays() throws Exception {
        chain.start(root("<mailet match='FaultyMatcher' class='First'><onMatchException>nomatch</onMatchException>"
                        + "</mailet>"
                        + "<mailet match='FaultyMatcher' class='Second'><onMatchException>matchall</onMatchException>"
                        + "</mailet>"
                        + "<mailet match='FaultyMatcher' class='First'><onMatchException>sorry</onMatchException>"
                        + "</mailet>")
                + "<processor state='sorry'><mailet match='All' class='Sorry'/><mailet match='All' class='End'/>"
                + "</processor>");

        chain.run(mail("bob@example.org"));

        assertThat(seen).doesNotContain("First[bob@example.org]");
        assertThat(seen)
                .containsSubsequence("Second[bob@example.org]", "Sorry[bob@example.org]", "End[bob@example.org]");
    }

    @Test
    void aMailetThatFailsGivesTheMailItsRecipientsBack() throws Exception {
        chain.mailet("Careless", mail -> {
            mail.setRecipients(List.of());
            mail.setState(Mail.GHOST);
            throw new IllegalStateException("half way");
        });
        chain.start(root("<mailet match='All' class='Careless'/><mailet match='All' class='End'/>"));

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(forwardPaths(chain.waiting())).containsExactly("bob@example.org", "carol@example.org");
    }

    @Test
    void aMailetThatIsPartlyDoneIsTriedAgainForTheRestOnly() throws Exception {
        chain.mailet("Partly", mail -> {
            seen.add("Partly" + recipients(mail));
            if (mail.getRecipients().size() > 1) {
                mail.setRecipients(List.of(new MailAddress("carol@example.org")));
                throw new PartlyDoneException("carol's mailbox is locked", new IllegalStateException("locked"));
            }
            mail.setState(Mail.GHOST);
        });
        chain.start(root("<mailet match='All' class='Partly'/>"));
        chain.run(mail("bob@example.org", "carol@example.org"));

        chain.runWaiting();

        assertThat(seen).containsExactly("Partly[bob@example.org, carol@example.org]", "Partly[carol@example.org]");
    }

    @Test
    void aMailThatWaitedLeavesNoTraceForMailsMadeFromIt() throws Exception {
        List<String> attributes = new ArrayList<>();
        chain.mailet(
                "Look",
                mail -> mail.attributeNames().map(AttributeName::asString).forEach(attributes::add));
        chain.start(root("<mailet match='All' class='Faulty'/><mailet match='All' class='Look'/>"
                + "<mailet match='All' class='End'/>"));
        chain.run(mail("bob@example.org"));
        fault.set(null);

        chain.runWaiting();

        assertThat(attributes).noneMatch(name -> name.startsWith("relais.chain"));
    }

    @Test
    void aMailWhoseFaultTheSpoolDoesNotNoteStaysAsItWas() throws Exception {
        TestClock clock = new TestClock();
        RefusingSpool full = new RefusingSpool(new InMemorySpool(clock, clock, 64L << 20, Duration.ofDays(7)));
        try (TestChain refused = new TestChain(clock, full)) {
            refused.mailet("Faulty", mail -> {
                full.refuse(true);
                throw new MessagingException("disk on fire");
            });
            refused.start(root("<mailet match='All' class='Faulty'/>"));

            refused.run(mail("bob@example.org"));
            full.refuse(false);

            assertThat(refused.waiting())
                    .singleElement()
                    .satisfies(envelope ->
                            assertThat(envelope.details().attempts()).isZero());
            assertThat(refused.spool.claim(Stage.CHAIN, 1, LEASE)).isEmpty();
            refused.clock.forward(LEASE);
            assertThat(refused.spool.claim(Stage.CHAIN, 1, LEASE)).hasSize(1);
        }
    }

    @Test
    void aMailThatNoRepositoryTakesStaysInTheSpool() throws Exception {
        TestClock clock = new TestClock();
        try (TestChain unwritable = new TestChain(
                clock,
                new InMemorySpool(clock, clock, 64L << 20, Duration.ofDays(7)),
                MailRepositoryUrl.from("memory://unwritable"))) {
            unwritable.start("<processor state='root'/><processor state='error'/>");

            unwritable.run(mail("bob@example.org"));

            assertThat(unwritable.waiting())
                    .singleElement()
                    .satisfies(
                            envelope -> assertThat(envelope.details().reason()).contains("read-only"));
        }
    }

    @Test
    void doesNotWorkWhenTheChainDoesNotRun() {
        assertThatThrownBy(() -> chain.run(mail("bob@example.org"))).isInstanceOf(IllegalStateException.class);
    }

    private static String root(String steps) {
        return "<processor state='root'>" + steps + "</processor>" + KEEPING_ERROR;
    }
}
