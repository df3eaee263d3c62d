package org.relais.delivery.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.relais.delivery.reply.ReplyClass;
import org.relais.delivery.schedule.DestinationPattern;

class RetryTableTest {
    private static final List<Duration> SCHEDULE = List.of(
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4));
    private static final Duration EXPIRY = Duration.ofDays(5);

    @Test
    void attemptsAreMadeWhenTheTableInTheDocumentationSays() throws IOException {
        Map<String, List<Duration>> documented = documentedTable();

        assertThat(documented).containsOnlyKeys("greylisted", "mailbox-full", "other");
        documented.forEach((error, ages) ->
                assertThat(agesOfAttempts(table(List.of(), 0), error)).as(error).isEqualTo(ages));
    }

    @Test
    void jitterMovesEachWaitByAtMostATenthAndNeverBeyondTheExpiry() {
        long seed = 20260302;
        RetryTable table = new RetryTable(
                RetryTable.rules(List.of(), SCHEDULE), EXPIRY, Duration.ZERO, 0.1, new SplittableRandom(seed));

        for (int i = 0; i < 1000; i++) {
            assertThat(table.next("example.org", ReplyClass.OTHER, 2, Duration.ofMinutes(5)))
                    .as("seed %d", seed)
                    .hasValueSatisfying(
                            wait -> assertThat(wait).isBetween(Duration.ofSeconds(810), Duration.ofSeconds(990)));
            assertThat(table.next("example.org", ReplyClass.OTHER, 40, EXPIRY.minusSeconds(1)))
                    .hasValueSatisfying(wait -> assertThat(wait).isLessThanOrEqualTo(Duration.ofSeconds(1)));
        }
        assertThat(table.next("example.org", ReplyClass.OTHER, 40, EXPIRY)).isEmpty();
    }

    @Test
    void aRuleOfTheHomeGoesBeforeTheBuiltInOnes() {
        var own = new RetryRule(
                new DestinationPattern("*.example.org"),
                Set.of(ReplyClass.GREYLISTED),
                Duration.ZERO,
                List.of(Duration.ofMinutes(1)),
                Duration.ofMinutes(3));
        RetryTable table = table(List.of(own), 0);

        assertThat(table.next("a.example.org", ReplyClass.GREYLISTED, 1, Duration.ZERO))
                .contains(Duration.ofMinutes(1));
        assertThat(table.next("a.example.org", ReplyClass.GREYLISTED, 1, Duration.ofMinutes(3)))
                .isEmpty();
        assertThat(table.next("example.org", ReplyClass.GREYLISTED, 1, Duration.ZERO))
                .contains(Duration.ofMinutes(5));
    }

    @Test
    void theAgeAtWhichAMailIsGivenUpIsThatOfTheRuleThatHoldsThen() {
        var young = rule("a.example", Duration.ofHours(1), Duration.ofDays(2));
        var brief = rule("b.example", Duration.ZERO, Duration.ofHours(6));
        RetryTable table = table(List.of(young, brief), 0);

        assertThat(table.expiry("example.org", ReplyClass.OTHER, Duration.ZERO)).isEqualTo(EXPIRY);
        assertThat(table.expiry("a.example", ReplyClass.OTHER, Duration.ZERO)).isEqualTo(EXPIRY);
        assertThat(table.expiry("b.example", ReplyClass.OTHER, Duration.ZERO)).isEqualTo(Duration.ofHours(6));
        assertThat(table.expiry("b.example", ReplyClass.OTHER, Duration.ofDays(1)))
                .isEqualTo(Duration.ofHours(6));
    }

    private static RetryRule rule(String domain, Duration youngerThan, Duration expiry) {
        return new RetryRule(
                new DestinationPattern(domain), Set.of(), youngerThan, List.of(Duration.ofMinutes(1)), expiry);
    }

    private static RetryTable table(List<RetryRule> own, double jitter) {
        return new RetryTable(
                RetryTable.rules(own, SCHEDULE), EXPIRY, Duration.ofHours(4), jitter, new SplittableRandom(1));
    }

    private static List<Duration> agesOfAttempts(RetryTable table, String error) {
        ReplyClass means = ReplyClass.valueOf(error.toUpperCase(Locale.ROOT).replace('-', '_'));
        List<Duration> ages = new ArrayList<>();
        Duration age = Duration.ZERO;
        for (int attempts = 1; ; attempts++) {
            var wait = table.next("example.org", means, attempts, age);
            if (wait.isEmpty()) {
                return ages;
            }
            age = age.plus(wait.get());
            ages.add(age);
        }
    }

    /** The rows {@code | `error` | 5m 10m … |}; an ellipsis stands for the step between its neighbours before it. */
    private static Map<String, List<Duration>> documentedTable() throws IOException {
        Map<String, List<Duration>> table = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("../../docs/delivery.md"))) {
            if (line.startsWith("| `")) {
                String[] cells = line.split("\\|");
                table.put(
                        cells[1].strip().replace("`", ""), ages(cells[2].strip().split(" ")));
            }
        }
        return table;
    }

    private static List<Duration> ages(String[] words) {
        List<Duration> ages = new ArrayList<>();
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals("…")) {
                Duration until = duration(words[i + 1]);
                Duration step = ages.get(ages.size() - 1).minus(ages.get(ages.size() - 2));
                for (Duration age = ages.get(ages.size() - 1).plus(step);
                        age.compareTo(until) < 0;
                        age = age.plus(step)) {
                    ages.add(age);
                }
            } else {
                ages.add(duration(words[i]));
            }
        }
        return ages;
    }

    private static Duration duration(String text) {
        String iso = text.toUpperCase(Locale.ROOT);
        int days = iso.indexOf('D');
        return Duration.parse(
                days < 0
                        ? "PT" + iso
                        : "P" + iso.substring(0, days + 1)
                                + (days + 1 < iso.length() ? "T" + iso.substring(days + 1) : ""));
    }
}
