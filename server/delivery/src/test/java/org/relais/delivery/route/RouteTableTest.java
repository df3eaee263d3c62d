package org.relais.delivery.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.delivery.route.TestRoutes.byMx;
import static org.relais.delivery.route.TestRoutes.via;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.relais.model.AddressPattern;

class RouteTableTest {
    private final List<RouteRule> rules = new ArrayList<>();

    private void rule(String to, String from, String name) {
        rules.add(new RouteRule(patterns(to), patterns(from), via(name)));
    }

    private static List<AddressPattern> patterns(String text) {
        return Arrays.stream(text.split(" "))
                .map(word -> AddressPattern.of(word).orElseThrow())
                .toList();
    }

    private String routeOf(String from, String to) {
        return new RouteTable(rules, byMx()).routeOf(from, to).name();
    }

    @Test
    void goesByMxWhenNoRuleMatches() {
        assertThat(routeOf("a@example.org", "b@example.net")).isEqualTo("MX");

        rule("example.com", "*", "one");

        assertThat(routeOf("a@example.org", "b@example.net")).isEqualTo("MX");
    }

    @Test
    void theFirstRuleThatMatchesCounts() {
        rule("*.example.org", "*", "below");
        rule("a.example.org", "*", "never");
        rule("example.org", "*", "itself");
        rule("*", "*", "all");

        assertThat(routeOf("", "x@a.example.org")).isEqualTo("below");
        assertThat(routeOf("", "x@b.a.EXAMPLE.org")).isEqualTo("below");
        assertThat(routeOf("", "x@Example.org")).isEqualTo("itself");
        assertThat(routeOf("", "x@example.net")).isEqualTo("all");
        assertThat(routeOf("", "x@badexample.org")).isEqualTo("all");
    }

    @Test
    void aDomainMayBeSplitBetweenTwoServers() {
        rule("ann@example.org bob@example.org", "*", "new server");
        rule("example.org", "*", "old server");

        assertThat(routeOf("", "Ann@example.org")).isEqualTo("new server");
        assertThat(routeOf("", "eve@example.org")).isEqualTo("old server");
        assertThat(routeOf("", "bob@example.net")).isEqualTo("MX");
    }

    @Test
    void sendersMayHaveTheirOwnSmartHost() {
        rule("*", "shop.example news@example.org", "shop");
        rule("*", "<>", "bounces");
        rule("example.net", "example.org", "partner");

        assertThat(routeOf("a@shop.example", "b@example.net")).isEqualTo("shop");
        assertThat(routeOf("news@example.org", "b@example.net")).isEqualTo("shop");
        assertThat(routeOf("a@example.org", "b@example.net")).isEqualTo("partner");
        assertThat(routeOf("", "b@example.net")).isEqualTo("bounces");
        assertThat(routeOf("a@example.org", "b@example.com")).isEqualTo("MX");
    }

    @Test
    void everySenderIncludesTheNullOne() {
        rule("*", "*", "all");

        assertThat(routeOf("", "b@example.net")).isEqualTo("all");
        assertThat(routeOf("", "postmaster")).isEqualTo("all");
    }

    @Test
    void aDomainInOtherLettersIsThatOfItsALabels() {
        rule("xn--bcher-kva.example", "*", "books");

        assertThat(routeOf("", "x@B\u00fccher.example")).isEqualTo("books");
    }

    @Test
    void addressLiteralsAndQuotedLocalPartsAreTakenAsTheyStand() {
        rule("[192.0.2.1]", "*", "literal");
        rule("example.org", "*", "quoted");

        assertThat(routeOf("", "x@[192.0.2.1]")).isEqualTo("literal");
        assertThat(routeOf("", "\"a@b\"@example.org")).isEqualTo("quoted");
    }

    /** What the table finds is what going through all rules would find. */
    @Test
    void findsWhatASearchThroughAllRulesFinds() {
        long seed = Long.getLong("relais.seed", 20261123L);
        var random = new Random(seed);
        var words = List.of("*", "a.b.c", "*.b.c", "*.c", "x@a.b.c", "b.c", "y@b.c", "<>");
        var paths = List.of("x@a.b.c", "y@a.b.c", "y@b.c", "z@b.c", "z@c", "z@d", "");
        for (int round = 0; round < 300; round++) {
            rules.clear();
            for (int i = random.nextInt(8); i >= 0; i--) {
                rule(some(words, random), some(words, random), "route " + rules.size());
            }
            for (var from : paths) {
                for (var to : paths) {
                    var expected = rules.stream()
                            .filter(rule -> matches(rule.to(), to) && matches(rule.from(), from))
                            .findFirst()
                            .map(rule -> rule.route().name())
                            .orElse("MX");
                    assertThat(routeOf(from, to))
                            .as("seed %d round %d: %s to %s by %s", seed, round, from, to, rules)
                            .isEqualTo(expected);
                }
            }
        }
    }

    private static String some(List<String> words, Random random) {
        var one = words.get(random.nextInt(words.size()));
        return random.nextBoolean() ? one : one + " " + words.get(random.nextInt(words.size()));
    }

    private static boolean matches(List<AddressPattern> patterns, String path) {
        return patterns.stream().anyMatch(pattern -> {
            var text = pattern.text();
            var domain = path.substring(path.indexOf('@') + 1);
            return text.equals("*")
                    || text.equals(path.isEmpty() ? "<>" : path)
                    || !path.isEmpty() && text.equals(domain)
                    || text.startsWith("*.") && domain.endsWith(text.substring(1));
        });
    }
}
