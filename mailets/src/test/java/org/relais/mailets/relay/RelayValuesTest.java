package org.relais.mailets.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.model.EnhancedStatus;

class RelayValuesTest {
    @ParameterizedTest
    @CsvSource({
        "smart.example.net,smart.example.net,25",
        "smart.example.net:587,smart.example.net,587",
        "192.0.2.1:2525,192.0.2.1,2525",
        "[2001:db8::1],2001:db8::1,25",
        "[2001:db8::1]:465,2001:db8::1,465"
    })
    void readsSmartHosts(String text, String host, int port) {
        assertThat(SmartHost.parse(text, 25, false)).isEqualTo(new SmartHost(host, port, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two hosts", "host:", "host:99999", "host:0", "2001:db8::1", "[host]:25"})
    void refusesWhatIsNoSmartHost(String text) {
        assertThatThrownBy(() -> SmartHost.parse(text, 25, false)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "250,250 2.1.5 ok,2.1.5",
        "550,550 5.1.1 nobody,5.1.1",
        "550,550 nobody,5.0.0",
        "550,550 4.2.0 contradicts itself,5.0.0",
        "451,451-4.7.1 greylisted,4.7.1",
        "421,421,4.0.0",
        "0,connection broke,4.0.0"
    })
    void findsTheStatusInAReply(int code, String text, String status) {
        assertThat(new Reply(code, text).status()).hasToString(status);
    }

    @Test
    void showsAReplyOfSeveralLinesOnOne() {
        assertThat(Reply.of(550, "550-5.7.1 first\r\n550 second\r\n").text()).isEqualTo("550-5.7.1 first second");
    }

    @Test
    void onlyA5xxIsGivenUp() {
        assertThat(Outcome.refused(new Reply(550, "550 5.1.1 no"))).isInstanceOf(Outcome.Failed.class);
        assertThat(Outcome.refused(new Reply(450, "450 4.2.1 later"))).isInstanceOf(Outcome.Deferred.class);
        assertThat(Outcome.refused(new Reply(-1, ""))).isInstanceOf(Outcome.Deferred.class);
        assertThat(Outcome.refused(new Reply(600, "600 what"))).isInstanceOf(Outcome.Deferred.class);
        assertThat(new Outcome.Delivered(new Reply(250, "250 ok")).status()).isEqualTo(new EnhancedStatus(2, 0, 0));
    }

    @Test
    void theLastDelayRepeatsUntilTheMailExpires() {
        RelaySchedule schedule = new RelaySchedule(
                List.of(Duration.ofMinutes(5), Duration.ofHours(1)), Integer.MAX_VALUE, Duration.ofDays(5));

        assertThat(schedule.next(1, Duration.ZERO)).contains(Duration.ofMinutes(5));
        assertThat(schedule.next(2, Duration.ofHours(1))).contains(Duration.ofHours(1));
        assertThat(schedule.next(99, Duration.ofDays(4))).contains(Duration.ofHours(1));
        assertThat(schedule.next(99, Duration.ofDays(5))).isEmpty();
    }

    @Test
    void noMoreAttemptsAreMadeThanTheScheduleAllows() {
        RelaySchedule schedule = new RelaySchedule(List.of(Duration.ofMinutes(5)), 2, Duration.ofDays(5));

        assertThat(schedule.next(1, Duration.ZERO)).isPresent();
        assertThat(schedule.next(2, Duration.ZERO)).isEmpty();
    }

    @Test
    void whatARemoteMtaSaysIsCutToWhatPeopleWantToRead() {
        String endless = "421 closing\r\n".repeat(100_000);

        assertThat(new Outcome.Deferred(new EnhancedStatus(4, 4, 1), "4.4.1 " + endless).text())
                .hasSize(1000)
                .doesNotContain("\n");
        assertThat(new Outcome.Failed(new EnhancedStatus(5, 4, 7), "5.4.7 " + endless).text())
                .hasSize(1000);
    }

    @Test
    void credentialsDoNotShowThePassword() {
        assertThat(new Credentials("relay", "secret").toString()).doesNotContain("secret");
    }
}
