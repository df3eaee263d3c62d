package org.relais.administration.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relais.administration.fake.InMemoryQueue;
import org.relais.administration.json.JsonReader;
import org.relais.administration.port.DeliveryDestination;
import org.relais.administration.port.DeliveryOrder;
import org.relais.administration.port.DeliverySelection;

class QueueOrdersTest extends QueueCommandFixture {

    @Test
    void suspendsADestinationForAWhileAndSaysHowToEndThat() {
        var done = relais(
                "queue", "suspend", "--destination", "example.org", "--until", "2h", "--reason", "their disk is full");

        assertThat(done.status()).isZero();
        assertThat(done.out())
                .isEqualTo("order 1: suspended to example.org, since 2026-11-23T07:00:00Z, until 2026-11-23T09:00:00Z: "
                        + "their disk is full; undo: relais queue resume --order 1\n");
        assertThat(delivery.orders())
                .containsExactly(new DeliveryOrder(
                        "1",
                        new DeliverySelection("example.org", null, null, List.of()),
                        null,
                        "their disk is full",
                        InMemoryQueue.NOW,
                        Instant.parse("2026-11-23T09:00:00Z")));
    }

    @Test
    void suspendsUntilResumedWhereNoEndIsNamed() throws Exception {
        var done = relais("--json", "queue", "suspend", "--sender", "<>", "--reason", "a flood of bounces");

        assertThat(JsonReader.readObject(done.out()))
                .containsEntry("does", "suspend")
                .containsEntry("sender", "")
                .containsEntry("until", null)
                .containsEntry("reason", "a flood of bounces");
    }

    @ParameterizedTest
    @CsvSource({
        "smtp://Smart.example.net:2525, smtp://smart.example.net:2525",
        "smtp://smart.example.net, smtp://smart.example.net:25",
        "lmtp://127.0.0.1, lmtp://127.0.0.1:24",
        "smtp://[2001:db8::1]:587, smtp://[2001:db8::1]:587",
        "MX, mx"
    })
    void reroutesByANextHop(String typed, String via) {
        var done = relais("queue", "reroute", "Q2", "Q1", "--via", typed, "--reason", "r");

        assertThat(done.err()).isEmpty();
        assertThat(done.out()).startsWith("order 1: rerouted by " + via + " ids Q1, Q2, since ");
        assertThat(delivery.orders().get(0).via()).hasToString(via);
    }

    @ParameterizedTest
    @CsvSource({
        "smart.example.net",
        "http://example.net",
        "smtp://",
        "smtp://a b",
        "smtp://example.net:0",
        "smtp://example.net:70000",
        "smtp://user:password@example.net"
    })
    void refusesWhatIsNoNextHop(String via) {
        var done = relais("queue", "reroute", "--destination", "example.org", "--via", via, "--reason", "r");

        assertThat(done.status()).isEqualTo(1);
        assertThat(done.err())
                .contains("is no next hop — write smtp://host:port")
                .hasLineCount(1);
        assertThat(delivery.orders()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T06:59Z, is not to come",
        "0s, is not to come",
        "2126-11-23T06:59Z, is too far away",
        "tomorrow, is not a duration",
        "2026-11-23Tnoon, is not a duration",
        "2026-11-24T06:00, is no time"
    })
    void refusesAnEndThatIsNone(String until, String what) {
        var done = relais("queue", "suspend", "--destination", "example.org", "--until", until, "--reason", "r");

        assertThat(done.status()).isEqualTo(1);
        assertThat(done.err()).contains(what).hasLineCount(1);
        assertThat(delivery.orders()).isEmpty();
    }

    @Test
    void takesAnEndWithAnOffset() {
        relais(
                "queue",
                "suspend",
                "--destination",
                "example.org",
                "--until",
                "2026-11-24T07:00+01:00",
                "--reason",
                "r");

        assertThat(delivery.orders().get(0).until()).isEqualTo("2026-11-24T06:00:00Z");
    }

    @Test
    void wantsASelectionAReasonAndANextHop() {
        assertThat(relais("queue", "suspend", "--reason", "r").status()).isEqualTo(2);
        assertThat(relais("queue", "suspend", "--destination", "example.org").err())
                .startsWith("--reason is missing — ")
                .hasLineCount(1);
        assertThat(relais("queue", "reroute", "--destination", "example.org", "--reason", "r")
                        .err())
                .startsWith("--via is missing — ");
        assertThat(relais("queue", "resume").status()).isEqualTo(2);
        assertThat(relais("queue", "resume", "--all", "--order", "1").status()).isEqualTo(2);
        assertThat(relais("queue", "suspend", "no/id", "--reason", "r").err()).contains("is no queue id");
        assertThat(delivery.orders()).isEmpty();
    }

    @Test
    void listsWhatIsInForce() throws Exception {
        assertThat(relais("queue", "suspend", "--list").out()).isEqualTo("nothing is suspended\n");
        relais("queue", "suspend", "--destination", "example.org", "--recipient", "bob@example.org", "--reason", "s");
        relais("queue", "reroute", "--sender", "ann@example.net", "--via", "mx", "--reason", "r");

        assertThat(relais("queue", "suspend", "--list").out())
                .isEqualTo("order 1: suspended to example.org for bob@example.org, since 2026-11-23T07:00:00Z: s\n");
        assertThat(relais("queue", "reroute", "--list").out())
                .isEqualTo("order 2: rerouted by mx from <ann@example.net>, since 2026-11-23T07:00:00Z: r\n");
        assertThat(Answers.objects(
                        JsonReader.readObject(
                                relais("queue", "reroute", "--list", "--json").out()),
                        "orders"))
                .extracting(order -> order.get("order"))
                .containsExactly("2");
    }

    @Test
    void resumesByWhatWasSaidByNumberOrAll() {
        relais("queue", "suspend", "--destination", "example.org", "--reason", "s");
        relais("queue", "suspend", "--destination", "example.com", "--reason", "s");
        relais("queue", "suspend", "Q1", "Q2", "--reason", "s");
        relais("queue", "reroute", "--destination", "example.net", "--via", "mx", "--reason", "r");

        assertThat(relais("queue", "resume", "--destination", "example.org").out())
                .startsWith("ended order 1: suspended to example.org");
        assertThat(relais("queue", "resume", "--order", "2").status()).isZero();
        assertThat(relais("queue", "resume", "Q2", "Q1").status()).isZero();
        var none = relais("queue", "resume", "--destination", "example.org");
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err()).startsWith("there is no such order — ").hasLineCount(1);
        assertThat(relais("queue", "resume", "--all").status()).isZero();

        assertThat(delivery.orders()).isEmpty();
        assertThat(relais("queue", "resume", "--all").out()).isEqualTo("nothing was suspended or rerouted\n");
    }

    @Test
    void showsDestinationsAndOrdersAmongTheStatistics() throws Exception {
        delivery.destinations.add(new DeliveryDestination(
                "example.org",
                40,
                1200,
                5,
                5,
                "concurrency 20 → 5: 421 4.7.28 ×12 in 60 s",
                Instant.parse("2026-11-23T14:05:00Z")));
        delivery.destinations.add(new DeliveryDestination("smtp://smart.example.net:587", 0, 0, 1, 20, "", null));
        relais("queue", "suspend", "--destination", "example.com", "--reason", "s");

        var done = relais("queue", "stats");

        assertThat(done.out())
                .contains("order 1: suspended to example.com, since 2026-11-23T07:00:00Z: s\n")
                .contains("example.org: 5 of 5 under way, 40 queued, 1200 parked; "
                        + "concurrency 20 → 5: 421 4.7.28 ×12 in 60 s, until 2026-11-23T14:05:00Z\n")
                .contains("smtp://smart.example.net:587: 1 of 20 under way, 0 queued, 0 parked\n");
        var json = JsonReader.readObject(
                relais("queue", "stats", "--destinations", "1", "--json").out());
        assertThat(Answers.objects(Answers.object(json, "delivery"), "destinations"))
                .containsExactly(Map.of(
                        "destination", "example.org",
                        "running", 5L,
                        "concurrency", 5L,
                        "queued", 40L,
                        "parked", 1200L,
                        "decision", "concurrency 20 → 5: 421 4.7.28 ×12 in 60 s",
                        "until", "2026-11-23T14:05:00Z"));
    }
}
