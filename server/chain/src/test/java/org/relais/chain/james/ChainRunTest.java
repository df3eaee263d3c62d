package org.relais.chain.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.chain.james.TestChain.KEEPING_ERROR;
import static org.relais.chain.james.TestChain.mail;
import static org.relais.chain.james.TestChain.recipients;

import java.util.ArrayList;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relais.chain.identity.MailName;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.spool.Disposition;

/** How mails go through processors when nothing fails. */
class ChainRunTest {
    private final List<String> seen = new ArrayList<>();
    private TestChain chain;

    @BeforeEach
    void makeChain() throws Exception {
        chain = new TestChain();
        chain.matcher(
                "Bob",
                mail -> mail.getRecipients().stream()
                        .filter(recipient -> recipient.getLocalPart().equals("bob"))
                        .toList());
        for (String name : List.of("First", "Second", "Third")) {
            chain.mailet(name, mail -> seen.add(name + recipients(mail)));
        }
        chain.mailet("End", mail -> {
            seen.add("End" + recipients(mail));
            mail.setState(Mail.GHOST);
        });
    }

    @AfterEach
    void theBooksAddUp() throws Exception {
        assertThat(chain.spool.accounts().difference()).isZero();
        chain.close();
    }

    @Test
    void runsTheMailetsInTheirOrder() throws Exception {
        chain.start(root(
                "<mailet match='All' class='First'/><mailet match='All' class='Second'/>" + "<mailet class='End'/>"));

        MailImpl mail = mail("bob@example.org");
        chain.run(mail);

        assertThat(seen).containsExactly("First[bob@example.org]", "Second[bob@example.org]", "End[bob@example.org]");
        assertThat(chain.waiting()).isEmpty();
        assertThat(chain.spool.accounts().left(Disposition.DISCARDED)).isEqualTo(1);
    }

    @Test
    void splitsByRecipientAndEndsEachPartOnItsOwn() throws Exception {
        chain.start(root("<mailet match='Bob' class='First'/><mailet match='Bob' class='End'/>"
                + "<mailet match='All' class='Second'/><mailet match='All' class='End'/>"));

        chain.run(mail("bob@example.org", "carol@example.org", "dave@example.org"));

        assertThat(seen)
                .containsExactly(
                        "First[bob@example.org]",
                        "End[bob@example.org]",
                        "Second[carol@example.org, dave@example.org]",
                        "End[carol@example.org, dave@example.org]");
    }

    @Test
    void partsOfAMailHaveNamesOfTheirOwnAndTheSameQueueId() throws Exception {
        List<String> names = new ArrayList<>();
        chain.mailet("Name", mail -> names.add(mail.getName()));
        chain.start(root("<mailet match='Bob' class='Null'/><mailet match='All' class='Name'/>"
                + "<mailet match='All' class='Null'/>"));

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(names).singleElement().satisfies(name -> {
            assertThat(name).startsWith("0123456789BCD.");
            assertThat(MailName.queueId(name).value()).isEqualTo("0123456789BCD");
        });
        assertThat(chain.events(MailEventKind.DISCARDED))
                .hasSize(2)
                .allSatisfy(event ->
                        assertThat(event.queueId().orElseThrow().value()).isEqualTo("0123456789BCD"))
                .extracting(event -> event.forwardPaths())
                .containsExactly(List.of("bob@example.org"), List.of("carol@example.org"));
    }

    @Test
    void makesNoCopyWhenAllOrNoneMatch() throws Exception {
        List<Integer> mails = new ArrayList<>();
        chain.mailet("Identity", mail -> mails.add(System.identityHashCode(mail)));
        chain.matcher("None", mail -> null);
        chain.start(root("<mailet match='All' class='Identity'/><mailet match='None' class='First'/>"
                + "<mailet match='All' class='Identity'/><mailet match='All' class='Null'/>"));

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(mails).hasSize(2);
        assertThat(mails.get(0)).isEqualTo(mails.get(1));
        assertThat(seen).isEmpty();
    }

    @Test
    void aChangedStateMovesTheMailToThatProcessor() throws Exception {
        chain.start(root("<mailet match='Bob' class='ToProcessor'><processor>other</processor></mailet>"
                        + "<mailet match='All' class='End'/>")
                + "<processor state='other'><mailet match='All' class='Third'/><mailet match='All' class='End'/>"
                + "</processor>");

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(seen).containsExactly("Third[bob@example.org]", "End[bob@example.org]", "End[carol@example.org]");
    }

    @Test
    void aMailWithAStateStartsInThatProcessor() throws Exception {
        chain.start(root("<mailet match='All' class='First'/><mailet match='All' class='Null'/>")
                + "<processor state='bounces'><mailet match='All' class='End'/></processor>");
        MailImpl mail = mail("bob@example.org");
        mail.setState("bounces");

        chain.run(mail);

        assertThat(seen).containsExactly("End[bob@example.org]");
    }

    @Test
    void keepsAMailThatFallsOutOfAProcessor() throws Exception {
        chain.start(root("<mailet match='Bob' class='End'/>"));

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(chain.kept("var/mail/error")).singleElement().satisfies(kept -> {
            assertThat(recipients(kept)).containsExactly("carol@example.org");
            assertThat(kept.getErrorMessage()).contains("root");
        });
    }

    @Test
    void keepsAMailThatFallsOutOfTheErrorProcessor() throws Exception {
        chain.start(
                "<processor state='root'/><processor state='error'><mailet match='Bob' class='First'/></processor>");

        chain.run(mail("bob@example.org"));

        assertThat(seen).containsExactly("First[bob@example.org]");
        assertThat(chain.kept("var/mail/error")).hasSize(1);
        assertThat(chain.events(MailEventKind.QUARANTINED))
                .singleElement()
                .satisfies(
                        event -> assertThat(event.field(EventField.REPOSITORY)).contains("memory://var/mail/error"));
    }

    @Test
    void sendsAMailWithAnUnknownStateToTheErrorProcessor() throws Exception {
        chain.mailet("Lost", mail -> mail.setState("nowhere"));
        chain.start(root("<mailet match='All' class='Lost'/>"));

        chain.run(mail("bob@example.org"));

        assertThat(chain.kept("var/mail/error"))
                .singleElement()
                .satisfies(kept -> assertThat(kept.getErrorMessage()).contains("nowhere"));
    }

    @Test
    void aMailetThatTakesAllRecipientsAwayEndsTheMail() throws Exception {
        chain.mailet("Forwarded", mail -> mail.setRecipients(List.of()));
        chain.start(root("<mailet match='All' class='Forwarded'/><mailet match='All' class='First'/>"));

        chain.run(mail("bob@example.org"));

        assertThat(seen).isEmpty();
        assertThat(chain.kept("var/mail/error")).isEmpty();
    }

    @Test
    void aMailetMayReplaceTheRecipients() throws Exception {
        chain.mailet("Rewrite", mail -> mail.setRecipients(List.of(new MailAddress("eve@example.org"))));
        chain.start(root("<mailet match='Bob' class='Rewrite'/><mailet match='All' class='End'/>"));

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(seen).containsExactly("End[carol@example.org]", "End[eve@example.org]");
    }

    @Test
    void recordsEachMailetThatActedAndWhatEndedTheMail() throws Exception {
        chain.start(root("<mailet match='Bob' class='First'/><mailet match='Bob' class='ToRepository'>"
                + "<repositoryPath>cassandra://var/mail/spam/</repositoryPath></mailet>"
                + "<mailet notmatch='Bob' class='Null'/>"));

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(chain.events(MailEventKind.ACTED))
                .extracting(event -> event.field(EventField.MAILET).orElseThrow() + " "
                        + event.field(EventField.MATCHER).orElseThrow() + " " + event.forwardPaths())
                .containsExactly(
                        "First Bob [bob@example.org]",
                        "ToRepository Bob [bob@example.org]",
                        "Null not Bob [carol@example.org]");
        assertThat(chain.events(MailEventKind.QUARANTINED)).singleElement().satisfies(event -> {
            assertThat(event.forwardPaths()).containsExactly("bob@example.org");
            assertThat(event.field(EventField.REPOSITORY)).contains("cassandra://var/mail/spam/");
            assertThat(event.reversePath()).contains("alice@example.org");
        });
        assertThat(chain.events(MailEventKind.DISCARDED)).hasSize(1);
        assertThat(chain.kept("var/mail/spam")).hasSize(1);
    }

    @Test
    void understandsCompositeMatchers() throws Exception {
        chain.matcher(
                "Example",
                mail -> mail.getRecipients().stream()
                        .filter(recipient -> recipient.getDomain().asString().equals("example.org"))
                        .toList());
        chain.start(
                root("<matcher name='BobHere' match='And'><matcher match='Bob'/><matcher match='Example'/></matcher>"
                        + "<matcher name='Nobody' match='org.apache.james.mailetcontainer.impl.matchers.Not'>"
                        + "<matcher match='Or'><matcher match='Bob'/><matcher notmatch='Bob'/></matcher></matcher>"
                        + "<matcher name='OneOf' match='Xor'><matcher match='Bob'/><matcher match='Example'/></matcher>"
                        + "<mailet match='BobHere' class='First'/><mailet match='Nobody' class='Second'/>"
                        + "<mailet match='OneOf' class='Third'/><mailet notmatch='BobHere' class='End'/>"
                        + "<mailet match='All' class='End'/>"));

        chain.run(mail("bob@example.org", "bob@example.net", "carol@example.org", "carol@example.net"));

        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "First[bob@example.org]",
                        "Third[bob@example.net, carol@example.org]",
                        "End[bob@example.org]",
                        "End[bob@example.net, carol@example.org]",
                        "End[carol@example.net]");
    }

    @Test
    void endsAMailThatProcessorsPassRoundByDeferringIt() throws Exception {
        chain.start("<processor state='root'><mailet match='All' class='ToProcessor'><processor>other</processor>"
                + "</mailet></processor><processor state='other'><mailet match='All' class='ToProcessor'>"
                + "<processor>root</processor></mailet></processor>" + KEEPING_ERROR);

        chain.run(mail("bob@example.org"));

        assertThat(chain.waiting()).hasSize(1);
        assertThat(chain.events(MailEventKind.DEFERRED))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.field(EventField.REASON).orElseThrow()).contains("circles"));
    }

    private static String root(String steps) {
        return "<processor state='root'>" + steps + "</processor>" + KEEPING_ERROR;
    }
}
