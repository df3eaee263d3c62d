package org.relais.delivery.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.delivery.schedule.Simulation.Attempt;
import org.relais.delivery.schedule.Simulation.Mail;
import org.relais.delivery.schedule.Simulation.Started;

class FairDeliveryScheduleTest {
    private static final SchedulePolicy POLICY = SchedulePolicy.standard(ZoneOffset.UTC);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aListOfAHundredThousandDelaysNobodysSingleMail(long seed) {
        var world = new Simulation(POLICY, seed);
        for (int i = 0; i < 100_000; i++) {
            world.send("example.org", "list-bounces+" + i + "=example.org@lists.example.net");
        }
        world.runFor(Duration.ofSeconds(10));
        for (int i = 0; i < 300; i++) {
            world.send("example.org", Character.toString('a' + i) + "@example.com");
            int before = world.started.size();
            world.runFor(Duration.ofMillis(500));

            assertThat(world.started.subList(before, Math.min(before + 24, world.started.size())))
                    .as("seed %d, sender %d", seed, i)
                    .anyMatch(start -> start.mail().sender().endsWith("@example.com"));
        }

        assertThat(world.mostInMemory).isLessThanOrEqualTo(POLICY.inMemory() + POLICY.most());
        world.runFor(Duration.ofHours(1));
        assertThat(world.started).hasSize(100_300);
    }

    @Test
    void hangingDestinationsTakeNothingFromOthers() {
        var world = new Simulation(POLICY, 7);
        world.remote = (mail, at) -> new Attempt(
                mail.destination().startsWith("hangs") ? Simulation.forEver() : Duration.ofMillis(50),
                new Feedback.Good());
        for (int second = 0; second < 3600; second++) {
            Instant at = world.now.plusSeconds(second);
            int number = second;
            world.at(at, () -> {
                for (int i = 0; i < 10; i++) {
                    int to = (number * 10 + i) % 100;
                    world.send(to < 5 ? "hangs" + to + ".example" : "d" + to + ".example", "s" + i + "@example.org");
                }
            });
        }
        world.runFor(Duration.ofHours(2));

        assertThat(world.started.stream()
                        .filter(start -> !start.mail().destination().startsWith("hangs"))
                        .toList())
                .hasSize(3600 * 10 * 95 / 100)
                .allMatch(start -> start.at().equals(start.mail().since()));
        assertThat(world.running.values()).allMatch(jobs -> jobs <= POLICY.mostPerDestination());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void nothingStarvesWhateverComes(long seed) {
        var random = new SplittableRandom(seed);
        var world = new Simulation(POLICY.withConnections(20, 8).withMemory(100, 40, 30), seed);
        world.remote = (mail, at) -> {
            Feedback feedback = switch (random.nextInt(20)) {
                case 0 -> new Feedback.Less("421 4.7.28 slower");
                case 1 -> new Feedback.Dead("connection refused");
                case 2, 3 -> new Feedback.Less("451 4.3.0 later", false);
                case 4 -> new Feedback.None();
                default -> new Feedback.Good();
            };
            return new Attempt(Duration.ofMillis(1 + random.nextInt(2000)), feedback);
        };
        for (int i = 0; i < 5000; i++) {
            int destination = random.nextInt(random.nextInt(60) + 1);
            var mail = new Mail(
                    "d" + destination + ".example",
                    Character.toString('a' + random.nextInt(200)) + "@example.org",
                    random.nextInt(10),
                    1,
                    world.now);
            world.at(world.now.plusMillis(random.nextInt(600_000)), () -> world.offer(mail));
        }
        world.runFor(Duration.ofDays(3));

        assertThat(world.started).as("seed %d", seed).hasSize(5000);
        assertThat(world.schedule.size()).isZero();
        assertThat(world.mostRunning).isLessThanOrEqualTo(8);
        assertThat(world.mostInMemory).isLessThanOrEqualTo(120);
        assertThat(world.schedule.destinations()).isEmpty();
    }

    @Test
    void aDeadDestinationIsProbedAndNotHammered() {
        var world = new Simulation(POLICY, 3);
        Instant repaired = world.now.plus(Duration.ofDays(1));
        world.remote = (mail, at) -> at.isBefore(repaired)
                ? new Attempt(Duration.ofSeconds(30), new Feedback.Dead("connection timed out"))
                : new Attempt(Duration.ofSeconds(1), new Feedback.Good());
        for (int i = 0; i < 1000; i++) {
            world.send("dead.example", "s" + i + "@example.org");
        }
        world.runUntil(repaired);

        assertThat(world.started).hasSizeBetween(40, 75);
        assertThat(world.decisions)
                .contains("dead.example: concurrency 5 → 2: connection timed out")
                .anyMatch(
                        line -> line.matches("dead.example: no host to be had: connection timed out, until 08:0[234]"));
        world.runFor(Duration.ofHours(2));
        assertThat(world.started).hasSizeGreaterThan(900);
        assertThat(world.decisions).contains("dead.example: is back, concurrency 1");
    }

    @Test
    void aRateHoldsInEveryHourOfADay() {
        var rate = new SchedulePolicy.Rate(new DestinationPattern("slow.example"), 100, Duration.ofHours(1));
        var world = new Simulation(POLICY.withRates(List.of(rate)), 4);
        for (int i = 0; i < 5000; i++) {
            world.send("slow.example", "s" + i % 7 + "@example.org");
        }
        world.runFor(Duration.ofDays(1));

        List<Instant> starts = world.started.stream().map(Started::at).toList();
        for (int i = 100; i < starts.size(); i++) {
            assertThat(Duration.between(starts.get(i - 100), starts.get(i)))
                    .isGreaterThanOrEqualTo(Duration.ofHours(1));
        }
        assertThat(starts).hasSizeBetween(24 * 90, 24 * 100);
        assertThat(world.decisions).hasSize(2).anyMatch(line -> line.contains("rate: 100 mails per 1h, until "));
    }

    @Test
    void fallsWhenAskedTwelveTimesAndRisesAgain() {
        var world = new Simulation(POLICY, 5);
        for (int i = 0; i < 200; i++) {
            world.send("example.org", "a@example.com");
        }
        world.runFor(Duration.ofMinutes(1));
        assertThat(world.decisions).containsExactly("example.org: concurrency 5 → 20: 15 mails taken");
        world.remote = (mail, at) -> new Attempt(Duration.ofMillis(100), new Feedback.Less("421 4.7.28 slow down"));
        for (int i = 0; i < 30; i++) {
            world.send("example.org", "a@example.com");
        }
        world.runFor(Duration.ofMillis(101));
        world.remote = (mail, at) -> new Attempt(Duration.ofMillis(100), new Feedback.Good());
        world.runFor(Duration.ofSeconds(5));

        assertThat(world.decisions)
                .hasSize(3)
                .contains(
                        "example.org: concurrency 20 → 10: 421 4.7.28 slow down, until 08:02",
                        "example.org: concurrency 10 → 5: 421 4.7.28 slow down ×21 in 60 s, until 08:03");
        world.runFor(Duration.ofMinutes(3));
        for (int i = 0; i < 1000; i++) {
            world.send("example.org", "a@example.com");
        }
        world.runFor(Duration.ofMinutes(2));
        assertThat(world.decisions).hasSize(4);
        assertThat(world.decisions.get(3)).startsWith("example.org: concurrency 5 → 20: ");
    }

    @Test
    void deferralsOfAFewMailsDoNotSlowTheDestination() {
        var world = new Simulation(POLICY, 6);
        int[] count = {0};
        world.remote = (mail, at) -> new Attempt(
                Duration.ofMillis(100),
                count[0]++ % 5 == 0 ? new Feedback.Less("451 4.3.0 try later", false) : new Feedback.Good());
        for (int i = 0; i < 1000; i++) {
            world.send("example.org", "a@example.com");
        }
        world.runFor(Duration.ofMinutes(2));

        assertThat(world.started).hasSize(1000);
        assertThat(world.decisions).hasSize(1).allMatch(line -> line.contains("5 → 20"));
    }

    @Test
    void aSuspendedDestinationGivesBackWhatWaitsAndGoesOnAfterItsEnd() {
        var world = new Simulation(POLICY, 8);
        Instant end = world.now.plus(Duration.ofMinutes(30));
        for (int i = 0; i < 100; i++) {
            world.send("mail.example.org", "a@example.com");
        }
        world.turn();
        world.schedule.suspend("*.example.org", Optional.of(end), "maintenance of theirs");
        world.runUntil(end.minusSeconds(1));

        assertThat(world.started).hasSize(5);
        assertThat(world.decisions).containsExactly("*.example.org: suspended: maintenance of theirs, until 08:30");
        world.runFor(Duration.ofHours(1));
        assertThat(world.started).hasSize(100);
        assertThat(world.decisions).contains("*.example.org: resumed: its end has come");
    }

    @Test
    void higherPriorityGoesFirstWithinASender() {
        var world = new Simulation(POLICY.withConnections(1, 1), 9);
        world.send("example.org", "first@example.com");
        world.turn();
        for (int priority : new int[] {3, 9, 5}) {
            world.offer(new Mail("example.org", "a@example.com", priority, 1, world.now));
        }
        world.runFor(Duration.ofSeconds(5));

        assertThat(world.started.stream().map(start -> start.mail().priority())).containsExactly(5, 9, 5, 3);
    }

    @Test
    void memoryIsBoundedWithAHundredThousandDestinations() {
        var world = new Simulation(POLICY.withMemory(5000, 2000, 10_000), 10);
        for (int i = 0; i < 100_000; i++) {
            world.send("d" + i + ".example", "a@example.com");
        }
        assertThat(world.schedule.size()).isLessThanOrEqualTo(5000);
        assertThat(world.lanes).hasSizeLessThanOrEqualTo(10_000 + 1024);
        assertThat(world.schedule.destinations()).hasSizeLessThanOrEqualTo(15_000);
        world.runFor(Duration.ofHours(2));

        assertThat(world.started).hasSize(100_000);
        assertThat(world.schedule.destinations()).isEmpty();
    }

    @Test
    void manyRecipientsCountAsMuchAsManyMails() {
        var world = new Simulation(POLICY.withConnections(1, 1), 14);
        for (int i = 0; i < 50; i++) {
            world.offer(new Mail("example.org", "many@example.com", 5, 10, world.now));
        }
        for (int i = 0; i < 100; i++) {
            world.send("example.org", "one@example.net");
        }
        world.runFor(Duration.ofSeconds(11));

        Map<String, Integer> recipients = new TreeMap<>();
        world.started.forEach(
                start -> recipients.merge(start.mail().sender(), start.mail().recipients(), Integer::sum));
        assertThat(recipients.get("one@example.net")).isBetween(80, 120);
        assertThat(recipients.get("many@example.com")).isBetween(80, 120);
    }
}
