package org.relais.access.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.spool.mail.DsnRequest;

final class DsnParametersTest {
    @ParameterizedTest
    @CsvSource({
        "RET=FULL, 250 2.1.0",
        "ret=hdrs, 250 2.1.0",
        "ENVID=QQ314159, 250 2.1.0",
        "RET=HDRS ENVID=a+2Bb+3Dc SIZE=100, 250 2.1.0",
        "RET, 501 5.5.4",
        "RET=BODY, 501 5.5.4",
        "RET=FULL RET=FULL, 501 5.5.4",
        "ENVID, 501 5.5.4",
        "ENVID=a+2b, 501 5.5.4",
        "ENVID=a+2, 501 5.5.4",
        "ENVID=a+0D+0Ab, 501 5.5.4",
        "ENVID=a ENVID=+, 501 5.5.4",
        "NOTIFY=NEVER, 555 5.5.4",
    })
    void mailTakesRetAndEnvid(String parameters, String reply) {
        var bench = SessionBench.of(Role.SMTP).greeted();

        assertThat(bench.say("MAIL FROM:<a@b.example> " + parameters)).startsWith(reply + " ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOTIFY=NEVER | 250 2.1.5",
                "notify=success,failure,DELAY | 250 2.1.5",
                "NOTIFY=DELAY,DELAY | 250 2.1.5",
                "ORCPT=rfc822;bob+2Btag@example.org | 250 2.1.5",
                "ORCPT=X400;/G+3Dbob/S+3Dsmith/ | 250 2.1.5",
                "ORCPT=utf-8;bob+C3+A9@example.org | 250 2.1.5",
                "NOTIFY | 501 5.5.4",
                "NOTIFY=NEVER,DELAY | 501 5.5.4",
                "NOTIFY=SUCCESS, | 501 5.5.4",
                "NOTIFY=ALWAYS | 501 5.5.4",
                "NOTIFY=DELAY NOTIFY=NEVER | 501 5.5.4",
                "ORCPT=bob@example.org | 501 5.5.4",
                "ORCPT=;bob@example.org | 501 5.5.4",
                "ORCPT=rfc822; | 501 5.5.4",
                "ORCPT=rfc822;bob+tag@example.org | 501 5.5.4",
                "ORCPT=rfc822;bob+0A@example.org | 501 5.5.4",
                "ORCPT=rfc822;bob+ ORCPT=rfc822;bob | 501 5.5.4",
                "RET=FULL | 555 5.5.4",
            })
    void rcptTakesNotifyAndOrcpt(String parameters, String reply) {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.say("MAIL FROM:<a@b.example>");

        assertThat(bench.say("RCPT TO:<bob@example.org> " + parameters)).startsWith(reply + " ");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101})
    void envidHasAtMostAHundredCharacters(int length) {
        var bench = SessionBench.of(Role.SMTP).greeted();

        String reply = bench.say("MAIL FROM:<a@b.example> ENVID=" + "x".repeat(length));

        assertThat(reply).startsWith(length == 100 ? "250 " : "501 5.5.4 ENVID must have 1 to 100 characters");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 501})
    void orcptHasAtMostFiveHundredCharacters(int length) {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.say("MAIL FROM:<a@b.example>");

        String reply = bench.say("RCPT TO:<bob@example.org> ORCPT=rfc822;" + "x".repeat(length - 7));

        assertThat(reply).startsWith(length == 500 ? "250 " : "501 5.5.4 ORCPT must have at most 500 characters");
    }

    @Test
    void whatIsAskedForGoesWithEachForwardPath() {
        var bench = SessionBench.of(Role.SMTP).greeted();
        bench.say("MAIL FROM:<a@b.example> RET=HDRS ENVID=Q1");
        bench.say("RCPT TO:<bob@example.org> NOTIFY=success ORCPT=rfc822;rob@example.org");
        bench.say("RCPT TO:<postmaster@example.org>");
        bench.say("DATA");
        bench.say("Subject: x\r\n\r\nhello\r\n.");

        assertThat(bench.intake.mails)
                .singleElement()
                .satisfies(mail -> assertThat(mail.envelope().dsn())
                        .containsExactly(
                                new DsnRequest("HDRS", "Q1", "SUCCESS", "rfc822;rob@example.org"),
                                new DsnRequest("HDRS", "Q1", "", "")));
    }
}
