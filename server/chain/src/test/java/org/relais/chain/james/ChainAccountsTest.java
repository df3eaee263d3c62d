package org.relais.chain.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.chain.james.TestChain.KEEPING_ERROR;
import static org.relais.chain.james.TestChain.forwardPaths;
import static org.relais.chain.james.TestChain.mail;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relais.spool.Changes;
import org.relais.spool.Disposition;
import org.relais.spool.Envelope;
import org.relais.spool.NewEnvelope;
import org.relais.spool.Origin;
import org.relais.spool.PendingMessage;
import org.relais.spool.Stage;
import org.relais.spool.mail.MailState;

/** What leaves the chain and what comes of it, as the spool's books have it. */
class ChainAccountsTest {
    private TestChain chain;

    @BeforeEach
    void makeChain() throws Exception {
        chain = new TestChain();
    }

    @AfterEach
    void theBooksAddUp() throws Exception {
        assertThat(chain.spool.accounts().difference()).isZero();
        chain.close();
    }

    @Test
    void whatARepositoryKeepsIsQuarantined() throws Exception {
        chain.start(root("<mailet match='All' class='ToRepository'>"
                + "<repositoryPath>memory://var/mail/spam</repositoryPath></mailet>"));

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(left(Disposition.QUARANTINED)).isEqualTo(2);
        assertThat(chain.kept("var/mail/spam")).hasSize(1);
    }

    @Test
    void partsOfAMailDoNotReplaceEachOtherInARepository() throws Exception {
        chain.start(root("<mailet match='RecipientIs=bob@example.org' class='ToRepository'>"
                + "<repositoryPath>memory://var/mail/spam</repositoryPath></mailet>"
                + "<mailet match='All' class='ToRepository'>"
                + "<repositoryPath>memory://var/mail/spam</repositoryPath></mailet>"));

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(chain.kept("var/mail/spam")).hasSize(2);
    }

    @Test
    void aForwardedMailIsReplacedByTheForward() throws Exception {
        chain.start("<processor state='root'><mailet match='RecipientIs=eve@example.net' class='Null'/>"
                + "<mailet match='All' class='Forward'><forwardTo>eve@example.net</forwardTo></mailet></processor>"
                + KEEPING_ERROR);

        chain.run(mail("bob@example.org"));

        assertThat(came(Origin.FORWARD)).isEqualTo(1);
        assertThat(left(Disposition.REPLACED)).isEqualTo(1);
        assertThat(left(Disposition.DISCARDED)).isEqualTo(1);
    }

    @Test
    void aMailThatFailedAndWasBouncedFailedWithADsn() throws Exception {
        chain.start(root("<mailet match='All' class='ToRepository'>"
                        + "<repositoryPath>memory://var/mail/dsn</repositoryPath></mailet>")
                + "<processor state='bounces'>"
                + "<mailet match='All' class='DSNBounce'><passThrough>true</passThrough></mailet>"
                + "<mailet match='All' class='Null'/></processor>");

        acceptFailed();
        chain.runDue();

        assertThat(came(Origin.DSN)).isEqualTo(1);
        assertThat(left(Disposition.FAILED_WITH_DSN)).isEqualTo(1);
        assertThat(left(Disposition.QUARANTINED)).isEqualTo(1);
        assertThat(chain.kept("var/mail/dsn")).singleElement().satisfies(dsn -> {
            assertThat(dsn.getMaybeSender().isNullSender()).isTrue();
            assertThat(TestChain.recipients(dsn)).containsExactly("alice@example.org");
        });
    }

    @Test
    void aMailThatFailedAndWasNotBouncedFailedSilently() throws Exception {
        chain.start(root("<mailet match='All' class='Null'/>")
                + "<processor state='bounces'><mailet match='All' class='Null'/></processor>");

        acceptFailed();
        chain.runDue();

        assertThat(left(Disposition.FAILED_SILENTLY)).isEqualTo(1);
    }

    @Test
    void aMailetThatTakesARecipientAwayDiscardsIt() throws Exception {
        chain.mailet("Take", mail -> mail.setRecipients(List.of(new MailAddress("carol@example.org"))));
        chain.start(root("<mailet match='All' class='Take'/><mailet match='All' class='ToRepository'>"
                + "<repositoryPath>memory://var/mail/spam</repositoryPath></mailet>"));

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(left(Disposition.DISCARDED)).isEqualTo(1);
        assertThat(left(Disposition.QUARANTINED)).isEqualTo(1);
    }

    @Test
    void whatAMailetDidForSomeRecipientsIsCommittedBeforeItsFailureForOthers() throws Exception {
        chain.mailet("Partly", mail -> {
            mail.setRecipients(List.of(new MailAddress("carol@example.org")));
            throw new PartlyDoneException("locked", new IllegalStateException("locked"));
        });
        chain.start(root("<mailet match='All' class='Partly'/>"));

        chain.run(mail("bob@example.org", "carol@example.org"));

        assertThat(forwardPaths(chain.waiting())).containsExactly("carol@example.org");
        assertThat(chain.spool.accounts().inSpool()).isEqualTo(1);
    }

    @Test
    void mailsThatAFailingMailetMadeAreForgottenAndMadeOnceByItsRetry() throws Exception {
        boolean[] fails = {true};
        chain.mailet("Copying", mail -> {
            chain.context.sendMail(mail("eve@example.org"));
            if (fails[0]) {
                throw new IllegalStateException("after sending");
            }
            mail.setState(Mail.GHOST);
        });
        chain.start(root(
                "<mailet match='RecipientIs=eve@example.org' class='Null'/><mailet match='All' class='Copying'/>"));
        chain.run(mail("bob@example.org"));
        assertThat(came(Origin.COPY)).isZero();
        fails[0] = false;

        chain.runWaiting();

        assertThat(came(Origin.COPY)).isEqualTo(1);
        assertThat(chain.spool.accounts().inSpool()).isZero();
    }

    @Test
    void anAddedFieldWaitsWithTheEnvelopeAndTheBytesAreNotWrittenAgain() throws Exception {
        chain.mailet("Faulty", mail -> {
            throw new IllegalStateException("later");
        });
        chain.mailet("Add", mail -> mail.getMessage().addHeader("X-Added", "yes"));
        chain.start(root("<mailet match='All' class='Add'/><mailet match='All' class='Faulty'/>"));
        byte[] odd = "Subject: caf\u00e9\r\nX-Odd :1\r\n\r\n\u00e9\u0000\n.\r\n".getBytes(StandardCharsets.ISO_8859_1);

        chain.accept(mail(odd, "bob@example.org"));
        Envelope before = chain.waiting().get(0);
        chain.runDue();

        Envelope after = chain.waiting().get(0);
        assertThat(after.message()).isEqualTo(before.message());
        assertThat(MailState.of(after.details()).prefix()).isEqualTo("X-Added: yes\r\n");
        assertThat(chain.octets(after)).isEqualTo("X-Added: yes\r\n" + new String(odd, StandardCharsets.ISO_8859_1));
    }

    private void acceptFailed() throws Exception {
        MailImpl mail = mail("bob@example.net");
        mail.setState("bounces");
        PendingMessage message = chain.mails.write(chain.spool, mail.getMessage());
        MailState state = chain.mails.stateOfWritten(mail).withEnding(Disposition.FAILED_SILENTLY);
        List<NewEnvelope> envelopes = chain.mails.envelopes(mail, state, Stage.CHAIN, chain.spool.now()).stream()
                .map(NewEnvelope::accepted)
                .toList();
        chain.spool
                .commit(Changes.append(message, envelopes))
                .toCompletableFuture()
                .join();
    }

    private long left(Disposition disposition) {
        return chain.spool.accounts().left(disposition);
    }

    private long came(Origin origin) {
        return chain.spool.accounts().came(origin);
    }

    private static String root(String steps) {
        return "<processor state='root'>" + steps + "</processor>" + KEEPING_ERROR;
    }
}
