package org.relais.delivery.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.relais.delivery.schedule.Feedback;
import org.relais.model.Reply;

class ReplyClassifierTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            550 | 5.1.1 <bob@example.org>: Recipient address rejected: User unknown in local recipient table | UNKNOWN_USER
            550 | Unrouteable address                                                    | UNKNOWN_USER
            550 | 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP     | UNKNOWN_USER
            554 | 5.1.10 recipient null MX                                               | ROUTING
            452 | 4.2.2 The email account that you tried to reach is over quota          | MAILBOX_FULL
            552 | mailbox is full                                                        | MAILBOX_FULL
            550 | 5.2.1 The email account that you tried to reach is disabled            | MAILBOX_DISABLED
            450 | 4.2.0 <bob@example.org>: Recipient address rejected: Greylisted        | GREYLISTED
            451 | 4.7.1 Greylisting in action, please come back later                    | GREYLISTED
            421 | 4.7.28 Our system has detected an unusual rate of unsolicited mail     | REPUTATION
            421 | 4.7.28 Gmail has detected this message exceeded the rate limit         | RATE_LIMITED
            451 | 4.7.500 Server busy. Please try again later                            | RATE_LIMITED
            421 | 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred            | REPUTATION
            421 | 4.7.0 [TS01] Messages from 192.0.2.1 temporarily deferred due to user complaints | REPUTATION
            550 | 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org  | REPUTATION
            554 | 5.7.1 Spam message rejected                                            | CONTENT
            552 | 5.3.4 Message size exceeds fixed limit                                 | TOO_LARGE
            535 | 5.7.8 Authentication credentials invalid                               | AUTHENTICATION
            530 | 5.7.0 Must issue a STARTTLS command first                              | TLS
            554 | 5.7.1 <bob@example.org>: Relay access denied                           | POLICY
            554 | 5.4.6 Too many hops                                                    | ROUTING
            452 | 4.3.1 Insufficient system storage                                      | SYSTEM
            554 | Transaction failed                                                     | OTHER
            """)
    void knowsTheRepliesOfRealServers(int code, String text, ReplyClass expected) {
        assertThat(ReplyClassifier.classify(Reply.of(code, text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void saysToAPersonWhatHappenedAndWhatToDo(ReplyClass means) {
        var english = means.describe(Locale.ENGLISH);
        var french = means.describe(Locale.CANADA_FRENCH);

        assertThat(english.happened()).endsWith(".").isNotEqualTo(french.happened());
        assertThat(french.remedy()).endsWith(".").isNotEqualTo(english.remedy());
        assertThat(means.describe(Locale.GERMAN)).isEqualTo(english);
    }

    @Test
    void answersAboutTheMailSayNothingAgainstTheDestination() {
        assertThat(feedback(550, "5.1.1 user unknown")).isInstanceOf(Feedback.Good.class);
        assertThat(feedback(450, "4.2.0 greylisted")).isInstanceOf(Feedback.Good.class);
        assertThat(feedback(452, "4.2.2 over quota")).isInstanceOf(Feedback.Good.class);
    }

    @Test
    void a421AsksForLessAndA451Perhaps() {
        assertThat(feedback(421, "4.3.2 closing")).isEqualTo(new Feedback.Less("421 4.3.2 closing", true));
        assertThat(feedback(451, "4.3.0 later")).isEqualTo(new Feedback.Less("451 4.3.0 later", false));
        assertThat(feedback(450, "4.7.28 rate limit")).isEqualTo(new Feedback.Less("450 4.7.28 rate limit", true));
    }

    private static Feedback feedback(int code, String text) {
        return ReplyClassifier.feedback(Reply.of(code, text));
    }
}
