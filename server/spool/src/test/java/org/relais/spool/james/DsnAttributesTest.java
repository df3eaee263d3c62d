package org.relais.spool.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.junit.jupiter.api.Test;
import org.relais.model.QueueId;
import org.relais.spool.EnvelopeDetails;
import org.relais.spool.Stage;
import org.relais.spool.mail.DsnRequest;
import org.relais.spool.mail.MailState;

final class DsnAttributesTest {
    private static final DsnRequest BOB =
            new DsnRequest("HDRS", "Q+2B1", "SUCCESS,DELAY", "RFC822;Rob+2Bx@example.org");
    private static final DsnRequest CAROL = new DsnRequest("HDRS", "Q+2B1", "NEVER", "X400;/S+3Dcarol/");

    private final SpoolMails mails = new SpoolMails(QueueId::new);

    @Test
    void jamesSeesWhatTheClientAskedFor() throws Exception {
        MailImpl mail = mail();

        DsnParameters parameters = mail.dsnParameters().orElseThrow();

        assertThat(parameters.getRetParameter()).contains(DsnParameters.Ret.HDRS);
        assertThat(parameters.getEnvIdParameter()).contains(DsnParameters.EnvId.of("Q+2B1"));
        RecipientDsnParameters bob = parameters.getRcptParameters().get(new MailAddress("bob@example.org"));
        assertThat(bob.getNotifyParameter()).contains(EnumSet.of(Notify.SUCCESS, Notify.DELAY));
        assertThat(bob.getOrcptParameter()).contains(new MailAddress("Rob+x@example.org"));
    }

    @Test
    void whatNobodyChangedComesBackAsItWasGiven() throws Exception {
        assertThat(states(mail())).containsExactly(BOB, CAROL, new DsnRequest("HDRS", "Q+2B1", "", ""));
    }

    @Test
    void keepsNoAttributeBeside() throws Exception {
        MailState state = mails.stateOfWritten(mail());

        assertThat(state.attributes()).isEmpty();
        assertThat(state.dsn()).isEqualTo(new DsnRequest("HDRS", "Q+2B1", "", ""));
    }

    @Test
    void whatAMailetSetsSurvives() throws Exception {
        MailImpl mail = mail();
        mail.setDsnParameters(DsnParameters.builder()
                .envId(DsnParameters.EnvId.of("other"))
                .addRcptParameter(
                        new MailAddress("dave@example.org"),
                        RecipientDsnParameters.of(EnumSet.of(Notify.FAILURE), new MailAddress("a+b@example.org")))
                .build()
                .orElseThrow());

        assertThat(states(mail).get(2)).isEqualTo(new DsnRequest("", "other", "FAILURE", "rfc822;a+2Bb@example.org"));
    }

    private MailImpl mail() throws Exception {
        MailImpl mail = MailImpl.builder()
                .name("Q1")
                .addRecipients(
                        new MailAddress("bob@example.org"),
                        new MailAddress("carol@example.org"),
                        new MailAddress("dave@example.org"))
                .build();
        DsnAttributes.show(mail, Map.of("bob@example.org", BOB, "carol@example.org", CAROL));
        return mail;
    }

    private List<DsnRequest> states(MailImpl mail) {
        List<EnvelopeDetails> envelopes = mails.envelopes(mail, mails.stateOfWritten(mail), Stage.CHAIN, Instant.EPOCH);
        return envelopes.stream().map(details -> MailState.of(details).dsn()).toList();
    }
}
