package org.relais.delivery.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.delivery.route.TestRoutes.byMx;
import static org.relais.delivery.route.TestRoutes.shuffled;
import static org.relais.delivery.route.TestRoutes.via;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.delivery.Outcome;
import org.relais.dns.AddressLiteral;
import org.relais.dns.Dns;
import org.relais.dns.Lookup;
import org.relais.dns.MxHost;
import org.relais.smtpclient.Credentials;
import org.relais.smtpclient.Endpoint;
import org.relais.smtpclient.Protocol;
import org.relais.smtpclient.TlsPolicy;

class RoutedNextHopsTest {
    private static final Self PUBLIC = Self.of(
            List.of("relay.example.org"), List.of(place("0.0.0.0", 25)), List.of(ip("192.0.2.25"), ip("2001:db8::25")));
    private static final Self ON_LOOPBACK =
            Self.of(List.of("relay.example.org"), List.of(place("127.0.0.1", 10025)), List.of());

    private final FakeDns dns = new FakeDns();
    private Self self = PUBLIC;

    private static InetAddress ip(String literal) {
        return AddressLiteral.of(literal).orElseThrow();
    }

    private static InetSocketAddress place(String literal, int port) {
        return new InetSocketAddress(ip(literal), port);
    }

    private Hops hops(Destination destination) throws Exception {
        return new RoutedNextHops(dns, self, new Random())
                .of(destination)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private Hops mxOf(String domain) throws Exception {
        return hops(byMx().destination(domain));
    }

    private static List<String> shown(Hops hops) {
        assertThat(hops).isInstanceOf(Hops.Found.class);
        return ((Hops.Found) hops).endpoints().stream().map(Endpoint::toString).toList();
    }

    private static Outcome none(Hops hops) {
        assertThat(hops).isInstanceOf(Hops.None.class);
        return ((Hops.None) hops).outcome();
    }

    private static void assertFailed(Hops hops, String status, String... words) {
        assertThat(none(hops)).isInstanceOf(Outcome.Failed.class);
        assertSays(hops, status, words);
    }

    private static void assertDeferred(Hops hops, String status, String... words) {
        assertThat(none(hops)).isInstanceOf(Outcome.Deferred.class);
        assertSays(hops, status, words);
    }

    private static void assertSays(Hops hops, String status, String... words) {
        assertThat(none(hops).status()).hasToString(status);
        assertThat(none(hops).text()).contains(words).doesNotContain("\n");
    }

    @Test
    void mxHostsAreTriedByPreference() throws Exception {
        dns.mx("example.net", 10, "a.example.net", 20, "b.example.net")
                .at("a.example.net", "192.0.2.1")
                .at("b.example.net", "192.0.2.2");

        assertThat(shown(mxOf("example.net")))
                .containsExactly("a.example.net[192.0.2.1]:25", "b.example.net[192.0.2.2]:25");
    }

    @Test
    void hostsOfThePreferenceTakeTurnsAtRandom() throws Exception {
        dns.mx("example.net", 10, "a", 10, "b", 20, "c")
                .at("a", "192.0.2.1")
                .at("b", "192.0.2.2")
                .at("c", "192.0.2.3");

        Set<String> firsts = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            var shown = shown(mxOf("example.net"));
            firsts.add(shown.get(0));
            assertThat(shown.get(2)).startsWith("c[");
        }

        assertThat(firsts).hasSize(2);
    }

    @Test
    void ipv6AndIpv4TakeTurns() throws Exception {
        dns.mx("example.net", 10, "a").at("a", "2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2");

        var families = ((Hops.Found) mxOf("example.net"))
                .endpoints().stream().map(e -> e.address().getAddress().length).toList();

        assertThat(families).containsExactly(16, 4, 16, 4);
    }

    @Test
    void aDomainWithoutMxIsItsOwnMxHost() throws Exception {
        dns.mxIs("example.net", new Lookup.NoData<>()).at("example.net", "192.0.2.1");

        assertThat(shown(mxOf("Example.NET"))).containsExactly("example.net[192.0.2.1]:25");
    }

    @Test
    void aNullMxFails() throws Exception {
        dns.mx("example.net", 0, "").at("example.net", "192.0.2.1");

        assertFailed(mxOf("example.net"), "5.1.10", "example.net", "takes no mail");
    }

    @Test
    void aNullMxBesideOthersIsPassedOver() throws Exception {
        dns.mx("example.net", 0, "", 10, "a").at("a", "192.0.2.1");

        assertThat(shown(mxOf("example.net"))).containsExactly("a[192.0.2.1]:25");
    }

    @Test
    void aDomainThatIsNotFails() throws Exception {
        var hops = mxOf("nowhere.example");

        assertFailed(hops, "5.1.2", "nowhere.example does not exist");
        assertThat(((Hops.None) hops).isUnknownDomain()).isTrue();
    }

    @Test
    void aDomainWithoutMxAndAddressFails() throws Exception {
        dns.mxIs("example.net", new Lookup.NoData<>()).addressesAre("example.net", new Lookup.NoData<>());

        assertFailed(mxOf("example.net"), "5.1.2", "neither an MX host nor an address");
    }

    @Test
    void whatDnsCannotSayNowIsDeferred() throws Exception {
        dns.mxIs("a.example", new Lookup.Failed<>("no answer"))
                .mxIs("b.example", new Lookup.NoData<>())
                .addressesAre("b.example", new Lookup.Failed<>("SERVFAIL"))
                .mx("c.example", 10, "gone.example", 20, "mx.example")
                .addressesAre("mx.example", new Lookup.Failed<>("SERVFAIL"));

        assertDeferred(mxOf("a.example"), "4.4.3", "a.example", "no answer");
        assertDeferred(mxOf("b.example"), "4.4.3", "b.example", "SERVFAIL");
        assertDeferred(mxOf("c.example"), "4.4.3", "mx.example", "SERVFAIL");
    }

    @Test
    void aHostThatCannotBeLookedUpIsPassedOverForOneThatCan() throws Exception {
        dns.mx("example.net", 10, "a", 20, "b", 30, "c")
                .addressesAre("a", new Lookup.Failed<>("SERVFAIL"))
                .addressesAre("b", new Lookup.NoData<>())
                .at("c", "192.0.2.3");

        assertThat(shown(mxOf("example.net"))).containsExactly("c[192.0.2.3]:25");
    }

    @Test
    void mxHostsThatAreNotFail() throws Exception {
        dns.mx("example.net", 10, "a.example.net", 20, "b.example.net");

        assertFailed(mxOf("example.net"), "5.4.4", "example.net", "a.example.net, b.example.net");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1.2.3",
                "::1",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "224.0.0.1",
                "ff02::1",
                "255.255.255.255",
                "fe80::1",
                "::ffff:127.0.0.1"
            })
    void anMxHostWhereNobodyCanBeIsNotTried(String address) throws Exception {
        dns.mx("bad.example", 10, "trap").mx("half.example", 10, "trap", 20, "b");
        dns.at("trap", address).at("b", "192.0.2.2");

        assertFailed(mxOf("bad.example"), "5.4.4", "bad.example", "trap has the address");
        assertThat(shown(mxOf("half.example"))).containsExactly("b[192.0.2.2]:25");
    }

    @Test
    void anMxNamedLocalhostIsNotTried() throws Exception {
        self = ON_LOOPBACK;
        dns.mx("example.net", 10, "localhost").at("localhost", "127.0.0.1");

        assertFailed(mxOf("example.net"), "5.4.4", "example.net", "localhost");
        assertThat(dns.asked).containsExactly("example.net");
    }

    @Test
    void mxHostsOnLoopbackAreTakenWhereWeAreOnLoopbackOurselves() throws Exception {
        self = ON_LOOPBACK;
        dns.mx("example.net", 10, "a").at("a", "127.0.0.2");

        assertThat(shown(mxOf("example.net"))).containsExactly("a[127.0.0.2]:25");
    }

    @ParameterizedTest
    @CsvSource({"relay.example.org, 198.51.100.1", "other.example.org, 192.0.2.25", "other.example.org, 2001:db8::25"})
    void asABackupMxWeTryTheHostsThatArePreferredToUsOnly(String ours, String address) throws Exception {
        dns.mx("example.net", 10, "a", 20, ours, 20, "equal", 30, "later")
                .at("a", "192.0.2.1")
                .at(ours, address)
                .at("equal", "192.0.2.2")
                .at("later", "192.0.2.3");

        assertThat(shown(mxOf("example.net"))).containsExactly("a[192.0.2.1]:25");
    }

    @ParameterizedTest
    @CsvSource({"Relay.Example.ORG, 198.51.100.1", "other.example.org, 192.0.2.25"})
    void whereWeAreTheBestMxTheMailWouldLoop(String ours, String address) throws Exception {
        dns.mx("example.net", 10, ours, 20, "later").at(ours, address).at("later", "192.0.2.3");

        assertFailed(mxOf("example.net"), "5.4.6", "mail for example.net loops back", "add example.net to the domains");
    }

    @Test
    void aBackupMxWhosePrimaryCannotBeLookedUpWaits() throws Exception {
        dns.mx("example.net", 10, "a", 20, "relay.example.org").addressesAre("a", new Lookup.Failed<>("no answer"));

        assertDeferred(mxOf("example.net"), "4.4.3", "an MX host of example.net");
    }

    @Test
    void aDomainWhoseAddressIsOursWouldLoop() throws Exception {
        dns.mxIs("example.net", new Lookup.NoData<>())
                .at("example.net", "192.0.2.25")
                .mxIs("relay.example.org", new Lookup.NoData<>())
                .at("relay.example.org", "198.51.100.1");

        assertFailed(mxOf("example.net"), "5.4.6", "example.net");
        assertFailed(mxOf("relay.example.org"), "5.4.6", "relay.example.org");
    }

    @Test
    void ourAddressOnAnotherPortIsAnotherServer() throws Exception {
        self = Self.of(List.of("relay.example.org"), List.of(place("192.0.2.25", 2525)), List.of());
        dns.mx("example.net", 10, "a").at("a", "192.0.2.25");

        assertThat(shown(mxOf("example.net"))).containsExactly("a[192.0.2.25]:25");
    }

    @Test
    void aThousandMxHostsAreTwentyLookUpsAndTenEndpoints() throws Exception {
        var hosts = new ArrayList<MxHost>();
        for (int i = 0; i < 1_000; i++) {
            hosts.add(new MxHost(10, "mx" + i));
            dns.at("mx" + i, "192.0.2.1", "192.0.2.2", "2001:db8::1");
        }
        dns.mxIs("example.net", new Lookup.Found<>(hosts));

        assertThat(shown(mxOf("example.net"))).hasSize(10);
        assertThat(dns.asked).hasSize(21);
    }

    @Test
    void oneHostWithManyAddressesLeavesRoomForTheNext() throws Exception {
        var many = new String[50];
        for (int i = 0; i < many.length; i++) {
            many[i] = "192.0.2." + (100 + i);
        }
        dns.mx("example.net", 10, "a", 20, "b").at("a", many).at("b", "192.0.2.1");
        dns.mx("alone.example", 10, "a");

        assertThat(shown(mxOf("example.net"))).hasSize(5).last().isEqualTo("b[192.0.2.1]:25");
        assertThat(shown(mxOf("alone.example"))).hasSize(10);
    }

    @Test
    void addressLiteralsAreTakenAtTheirWord() throws Exception {
        assertThat(shown(mxOf("[198.51.100.7]"))).containsExactly("198.51.100.7[198.51.100.7]:25");
        assertThat(shown(mxOf("[IPv6:2001:db8::7]"))).hasSize(1);
        assertFailed(mxOf("[198.51.100]"), "5.1.2", "[198.51.100]");
        assertFailed(mxOf("[192.0.2.25]"), "5.4.6", "loops back");
        assertFailed(mxOf("[127.0.0.1]"), "5.4.4", "127.0.0.1");
        assertThat(dns.asked).isEmpty();
    }

    @Test
    void anAddressWithoutDomainFails() throws Exception {
        assertFailed(mxOf(""), "5.1.3", "no domain");
    }

    @Test
    void namedHostsAreTriedInTheirOrderWithoutTheirMx() throws Exception {
        dns.mx("one.example", 10, "never").at("one.example", "192.0.2.1").at("two.example", "192.0.2.2");

        assertThat(shown(hops(via("smart", "one.example", "two.example", "198.51.100.9")
                        .destination("example.net"))))
                .containsExactly(
                        "one.example[192.0.2.1]:2525",
                        "two.example[192.0.2.2]:2525",
                        "198.51.100.9[198.51.100.9]:2525");
    }

    @Test
    void namedHostsAreShuffledWhenAsked() throws Exception {
        Set<String> firsts = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            firsts.add(shown(hops(shuffled("192.0.2.1", "192.0.2.2").destination("x")))
                    .get(0));
        }

        assertThat(firsts).hasSize(2);
    }

    @Test
    void aNamedHostMayBeOnLoopback() throws Exception {
        assertThat(shown(hops(via("dovecot", "127.0.0.1").destination("example.net"))))
                .containsExactly("127.0.0.1[127.0.0.1]:2525");
    }

    @Test
    void aMistakeInARouteDefersAndSaysWhatToDo() throws Exception {
        self = Self.of(List.of("relay.example.org"), List.of(place("0.0.0.0", 2525)), List.of(ip("192.0.2.25")));
        dns.at("us", "192.0.2.25").at("nobody", "224.0.0.1").addressesAre("unknown", new Lookup.Failed<>("SERVFAIL"));

        assertDeferred(hops(via("route in line 7", "gone").destination("x")), "4.3.5", "route in line 7", "gone");
        assertDeferred(hops(via("route in line 7", "us").destination("x")), "4.3.5", "leads back to this relay");
        assertDeferred(hops(via("route in line 7", "127.0.0.9").destination("x")), "4.3.5", "leads back");
        assertDeferred(hops(via("route in line 7", "nobody").destination("x")), "4.3.5", "correct the via");
        assertDeferred(hops(via("route in line 7", "unknown").destination("x")), "4.4.3", "SERVFAIL");
        assertThat(shown(hops(via("route in line 7", "us", "192.0.2.1").destination("x"))))
                .hasSize(1);
    }

    @Test
    void theEndpointIsSpokenToAsTheRouteSays() throws Exception {
        var tls = new TlsPolicy(TlsPolicy.Level.VERIFIED, true, "the route");
        var credentials = Optional.of(new Credentials("user", "secret"));
        var route = new Route(
                "r",
                List.of(new Route.Host("smart", 465)),
                false,
                25,
                Protocol.LMTP,
                tls,
                credentials,
                "out.example.org",
                Optional.of(ip("192.0.2.25")),
                false);
        dns.at("smart", "192.0.2.1", "2001:db8::1").at("six", "2001:db8::1");

        assertThat(((Hops.Found) hops(route.destination("x"))).endpoints())
                .containsExactly(new Endpoint(
                        "smart",
                        ip("192.0.2.1"),
                        465,
                        Protocol.LMTP,
                        tls,
                        new Endpoint.Identity("out.example.org", Optional.of(ip("192.0.2.25"))),
                        credentials));
        dns.at("smart", "2001:db8::1");
        assertDeferred(hops(route.destination("x")), "4.4.4", "2001:db8:0:0:0:0:0:1", "192.0.2.25");
    }

    @Test
    void aBugDefers() throws Exception {
        var broken = new Dns() {
            @Override
            public CompletionStage<Lookup<MxHost>> mx(String domain) {
                throw new IllegalStateException("a bug of the test");
            }

            @Override
            public CompletionStage<Lookup<InetAddress>> addresses(String host) {
                return CompletableFuture.failedFuture(new IllegalStateException("a bug of the test"));
            }
        };
        var hops = new RoutedNextHops(broken, self, new Random());

        for (var destination :
                List.of(byMx().destination("example.net"), via("r", "h").destination("x"))) {
            assertDeferred(
                    hops.of(destination).toCompletableFuture().get(30, TimeUnit.SECONDS), "4.3.0", "tries again");
        }
    }
}
