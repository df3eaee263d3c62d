package org.relais.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relais.testkit.dns.DnsServer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;

@Timeout(60)
class CachedDnsTest {
    private static final Duration SHORT = Duration.ofMillis(600);

    private final DnsServer server = DnsServer.start();
    private final AtomicLong nanos = new AtomicLong();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final CachedDns dns = dns(DnsSettings.standard(List.of(at(server))));

    private CachedDns dns(DnsSettings settings) {
        return new CachedDns(settings, nanos::get, executor);
    }

    private static InetSocketAddress at(DnsServer server) {
        return new InetSocketAddress("127.0.0.1", server.port());
    }

    @AfterEach
    void stop() throws InterruptedException {
        dns.close();
        server.close();
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private static <T> Lookup<T> await(CompletionStage<Lookup<T>> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static List<String> texts(Lookup<InetAddress> lookup) {
        return lookup instanceof Lookup.Found<InetAddress> found
                ? found.records().stream().map(InetAddress::getHostAddress).toList()
                : List.of();
    }

    @Test
    void mxHostsComeByPreferenceInLowerCaseWithoutTheLastDot() throws Exception {
        server.zone("example.org").mx(20, "MX2").mx(10, "mx1.Example.NET.");

        assertThat(await(dns.mx("Example.ORG")))
                .isEqualTo(new Lookup.Found<>(
                        List.of(new MxHost(10, "mx1.example.net"), new MxHost(20, "mx2.example.org"))));
    }

    @Test
    void theHostOfANullMxIsEmpty() throws Exception {
        server.zone("example.org").nullMx();

        assertThat(await(dns.mx("example.org"))).isEqualTo(new Lookup.Found<>(List.of(new MxHost(0, ""))));
    }

    @Test
    void aNameWithoutMxIsToldFromANameThatIsNot() throws Exception {
        server.zone("example.org").a("@", "192.0.2.1");

        assertThat(await(dns.mx("example.org"))).isEqualTo(new Lookup.NoData<>());
        assertThat(await(dns.mx("nowhere.example.org"))).isEqualTo(new Lookup.NoDomain<>());
        assertThat(await(dns.addresses("nowhere.example.org"))).isEqualTo(new Lookup.NoDomain<>());
    }

    @Test
    void aServersFailureIsAFailure() throws Exception {
        server.zone("example.org").mx(10, "mx1");
        server.servfail("example.org");

        assertThat(await(dns.mx("example.org")))
                .isInstanceOfSatisfying(
                        Lookup.Failed.class,
                        failed -> assertThat(failed.why()).isEqualTo("SERVFAIL for MX of example.org"));
        assertThat(server.count("example.org", "MX")).isEqualTo(2);
    }

    @Test
    void aSilentServerIsAFailureWithinTheDeadline() throws Exception {
        server.drops("example.org");
        var hasty = dns(DnsSettings.standard(List.of(at(server))).withDeadline(SHORT));

        assertThat(await(hasty.mx("example.org"))).isInstanceOf(Lookup.Failed.class);
    }

    @Test
    void asksTheNextServerWhenOneFails() throws Exception {
        try (var other = DnsServer.start()) {
            server.servfail("example.org");
            other.zone("example.org").mx(10, "mx1");
            var both = dns(DnsSettings.standard(List.of(at(server), at(other))));

            assertThat(await(both.mx("example.org"))).isInstanceOf(Lookup.Found.class);
        }
    }

    @Test
    void comesByTcpWhenTheAnswerIsTooLongForUdp() throws Exception {
        var zone = server.zone("example.org");
        for (int i = 0; i < 1_000; i++) {
            zone.mx(i, "a-host-with-a-long-name-" + i);
        }

        assertThat(await(dns.mx("example.org")))
                .isInstanceOfSatisfying(
                        Lookup.Found.class, found -> assertThat(found.records()).hasSize(1_000));
        assertThat(server.queries()).anyMatch(query -> query.overTcp());
    }

    @Test
    void theSameRecordTwiceIsOne() throws Exception {
        server.zone("example.org").mx(10, "mx1").mx(10, "mx1");

        assertThat(await(dns.mx("example.org")))
                .isEqualTo(new Lookup.Found<>(List.of(new MxHost(10, "mx1.example.org"))));
    }

    @Test
    void addressesAreThoseOfIpv6AndOfIpv4() throws Exception {
        server.zone("example.org").a("mx1", "192.0.2.1").a("mx1", "192.0.2.2").aaaa("mx1", "2001:db8::1");

        assertThat(texts(await(dns.addresses("mx1.example.org"))))
                .containsExactly("2001:db8:0:0:0:0:0:1", "192.0.2.1", "192.0.2.2");
    }

    @Test
    void oneFamilyIsEnoughWhenTheOtherHasNothing() throws Exception {
        server.zone("example.org")
                .a("mx1", "192.0.2.1")
                .aaaa("mx2", "2001:db8::1")
                .txt("mx3", "no address");

        assertThat(texts(await(dns.addresses("mx1.example.org")))).containsExactly("192.0.2.1");
        assertThat(texts(await(dns.addresses("mx2.example.org")))).containsExactly("2001:db8:0:0:0:0:0:1");
        assertThat(await(dns.addresses("mx3.example.org"))).isEqualTo(new Lookup.NoData<>());
    }

    @Test
    void oneFamilyIsEnoughWhenTheOtherFails() throws Exception {
        server.zone("example.org").a("mx1", "192.0.2.1");
        server.servfail("mx1.example.org", "AAAA");

        assertThat(texts(await(dns.addresses("mx1.example.org")))).containsExactly("192.0.2.1");
    }

    @Test
    void thatThereIsNoAddressNeedsTwoAnswers() throws Exception {
        server.zone("example.org").txt("mx1", "no address");
        server.servfail("mx1.example.org", "A");
        server.servfail("nowhere.example.org", "AAAA");

        assertThat(await(dns.addresses("mx1.example.org"))).isInstanceOf(Lookup.Failed.class);
        assertThat(await(dns.addresses("nowhere.example.org"))).isInstanceOf(Lookup.Failed.class);
    }

    @Test
    void whatIsNoNameOrAnAddressAlreadyIsNotAsked() throws Exception {
        assertThat(await(dns.mx("a..b"))).isEqualTo(new Lookup.NoDomain<>());
        assertThat(await(dns.addresses("not a name"))).isEqualTo(new Lookup.NoDomain<>());
        assertThat(texts(await(dns.addresses("192.0.2.9")))).containsExactly("192.0.2.9");
        assertThat(texts(await(dns.addresses("2001:db8::9")))).containsExactly("2001:db8:0:0:0:0:0:9");
        assertThat(texts(await(dns.addresses("localhost")))).contains("127.0.0.1");
        assertThat(server.queries()).isEmpty();
    }

    @Test
    void followsAliasesIntoAnotherZone() throws Exception {
        server.zone("example.org").cname("mx", "mail.example.net.").cname("away", "example.com.");
        server.zone("example.net").a("mail", "192.0.2.1");
        server.zone("example.com").mx(10, "mx1");

        assertThat(texts(await(dns.addresses("mx.example.org")))).containsExactly("192.0.2.1");
        assertThat(await(dns.mx("away.example.org")))
                .isEqualTo(new Lookup.Found<>(List.of(new MxHost(10, "mx1.example.com"))));
    }

    @Test
    void anAliasOfNothingIsNothing() throws Exception {
        server.zone("example.org").cname("mx", "nowhere.example.net.");

        assertThat(await(dns.addresses("mx.example.org"))).isEqualTo(new Lookup.NoDomain<>());
    }

    @Test
    void aliasesInCirclesAreAFailure() throws Exception {
        server.zone("example.org").cname("a", "b").cname("b", "a").cname("self", "self");

        assertThat(await(dns.addresses("a.example.org")))
                .isInstanceOfSatisfying(
                        Lookup.Failed.class, failed -> assertThat(failed.why()).contains("in circles"));
        assertThat(await(dns.mx("self.example.org"))).isInstanceOf(Lookup.Failed.class);
    }

    @Test
    void followsEightAliasesAndNoMore() throws Exception {
        var zone = server.zone("example.org").a("end", "192.0.2.1").cname("n1", "end");
        for (int i = 2; i <= 9; i++) {
            zone.cname("n" + i, "n" + (i - 1));
        }

        assertThat(texts(await(dns.addresses("n8.example.org")))).containsExactly("192.0.2.1");
        assertThat(await(dns.addresses("n9.example.org"))).isInstanceOf(Lookup.Failed.class);
    }

    @Test
    void remembersAnAnswerAsLongAsItSays() throws Exception {
        server.zone("example.org").ttl(60).mx(10, "mx1");
        await(dns.mx("example.org"));

        passes(Duration.ofSeconds(59));
        await(dns.mx("EXAMPLE.org"));
        long before = server.count("example.org", "MX");
        passes(Duration.ofSeconds(2));
        await(dns.mx("example.org"));

        assertThat(before).isEqualTo(1);
        assertThat(server.count("example.org", "MX")).isEqualTo(2);
    }

    @Test
    void remembersNoAnswerLongerThanADayNorShorterThanASecond() throws Exception {
        server.zone("long.example").ttl(7 * 86_400).mx(10, "mx1");
        server.zone("short.example").ttl(0).mx(10, "mx1");
        await(dns.mx("long.example"));
        await(dns.mx("short.example"));
        await(dns.mx("short.example"));

        passes(Duration.ofHours(25));
        await(dns.mx("long.example"));

        assertThat(server.count("short.example", "MX")).isEqualTo(1);
        assertThat(server.count("long.example", "MX")).isEqualTo(2);
    }

    @Test
    void anAliasShortensHowLongItsTargetIsBelieved() throws Exception {
        server.zone("example.org").ttl(5).cname("mx", "mail.example.net.");
        server.zone("example.net").ttl(3600).a("mail", "192.0.2.1").aaaa("mail", "2001:db8::1");
        await(dns.addresses("mx.example.org"));

        passes(Duration.ofSeconds(6));
        await(dns.addresses("mx.example.org"));

        assertThat(server.count("mx.example.org", "A")).isEqualTo(2);
    }

    @Test
    void remembersThatThereIsNothingAsTheSoaSays() throws Exception {
        server.zone("example.org").soaMinimum(30);
        await(dns.mx("nowhere.example.org"));

        passes(Duration.ofSeconds(29));
        await(dns.mx("nowhere.example.org"));
        long before = server.count("nowhere.example.org", "MX");
        passes(Duration.ofSeconds(2));
        await(dns.mx("nowhere.example.org"));

        assertThat(before).isEqualTo(1);
        assertThat(server.count("nowhere.example.org", "MX")).isEqualTo(2);
    }

    @Test
    void remembersThatThereIsNothingForAQuarterOfAnHourAtMost() throws Exception {
        server.zone("example.org").soaMinimum(86_400);
        await(dns.mx("nowhere.example.org"));

        passes(Duration.ofMinutes(16));
        await(dns.mx("nowhere.example.org"));

        assertThat(server.count("nowhere.example.org", "MX")).isEqualTo(2);
    }

    @Test
    void remembersAFailureForFiveSeconds() throws Exception {
        server.zone("example.org").mx(10, "mx1");
        server.servfail("example.org");
        await(dns.mx("example.org"));
        server.heals("example.org");

        passes(Duration.ofSeconds(4));
        var soon = await(dns.mx("example.org"));
        passes(Duration.ofSeconds(2));
        var later = await(dns.mx("example.org"));

        assertThat(soon).isInstanceOf(Lookup.Failed.class);
        assertThat(later).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void forgetsWhenTold() throws Exception {
        server.zone("example.org").mx(10, "mx1");
        await(dns.mx("example.org"));

        dns.forget();
        await(dns.mx("example.org"));

        assertThat(server.count("example.org", "MX")).isEqualTo(2);
    }

    @Test
    void asksOnceHoweverManyWantToKnow() throws Exception {
        server.zone("example.org").mx(10, "mx1");
        server.delays("example.org", Duration.ofMillis(300));

        List<CompletionStage<Lookup<MxHost>>> stages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            stages.add(dns.mx("example.org"));
        }
        for (var stage : stages) {
            assertThat(await(stage)).isInstanceOf(Lookup.Found.class);
        }

        assertThat(server.count("example.org", "MX")).isEqualTo(1);
    }

    @Test
    void boundsWhatIsOnTheWireAndWhatWaits() throws Exception {
        server.delays("d1.example", Duration.ofMillis(500));
        server.zone("d3.example").mx(10, "mx1");
        var narrow = dns(new DnsSettings(List.of(at(server)), Duration.ofSeconds(20), 1, 1, 1, 100));

        var running = narrow.mx("d1.example");
        var waiting = narrow.mx("d2.example");
        var refused = await(narrow.mx("d3.example"));

        assertThat(refused)
                .isInstanceOfSatisfying(
                        Lookup.Failed.class,
                        failed -> assertThat(failed.why()).contains("more than 1 DNS look-ups wait"));
        assertThat(await(running)).isInstanceOf(Lookup.NoDomain.class);
        assertThat(await(waiting)).isInstanceOf(Lookup.NoDomain.class);
        passes(Duration.ofSeconds(6));
        assertThat(await(narrow.mx("d3.example"))).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void answersWhoWaitsWhenItIsClosed() throws Exception {
        server.drops("example.org");
        var waiting = dns.mx("example.org");

        dns.close();

        assertThat(await(waiting)).isInstanceOf(Lookup.Failed.class);
        assertThat(await(dns.mx("example.net"))).isInstanceOf(Lookup.Failed.class);
    }

    @Test
    void aHostWhoseNameIsNoneIsPassedOnAsItIs() throws Exception {
        server.zone("example.org")
                .record(new MXRecord(
                        Name.fromString("example.org."),
                        DClass.IN,
                        60,
                        10,
                        Name.fromString("not\\ a\\ name.example.")));

        var mx = await(dns.mx("example.org"));

        assertThat(mx).isInstanceOf(Lookup.Found.class);
        var host = ((Lookup.Found<MxHost>) mx).records().get(0).host();
        assertThat(await(dns.addresses(host))).isEqualTo(new Lookup.NoDomain<>());
    }

    @Test
    void remembersNoMoreThanItIsAllowed() throws Exception {
        var small = dns(new DnsSettings(List.of(at(server)), Duration.ofSeconds(10), 2, 10, 100, 20));
        for (int i = 0; i < 200; i++) {
            server.zone("d" + i + ".example").mx(10, "mx1");
            await(small.mx("d" + i + ".example"));
        }

        for (int i = 0; i < 200; i++) {
            await(small.mx("d" + i + ".example"));
        }

        assertThat(server.queries().size()).isGreaterThan(350);
    }
}
