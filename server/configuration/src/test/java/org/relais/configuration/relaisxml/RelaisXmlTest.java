package org.relais.configuration.relaisxml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.relais.configuration.Finding;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.TestHome;
import org.relais.configuration.schema.Declaration;
import org.relais.configuration.schema.RelaisSchema;
import org.relais.configuration.settings.HostPort;
import org.relais.configuration.settings.Listener;
import org.relais.configuration.settings.Network;
import org.relais.configuration.settings.Protocol;
import org.relais.configuration.settings.RouteTls;
import org.relais.configuration.settings.TlsMode;
import org.relais.model.AddressPattern;

/**
 * Each file of {@code broken/} says in comments at its head what is to be found: line, severity and a part of the text.
 * Files of {@code good/} are to pass without a word.
 */
class RelaisXmlTest {
    private static final Pattern EXPECTED = Pattern.compile("<!-- expect ([0-9]+) (error|notice): (.*) -->");

    @TempDir
    static Path folder;

    private static Home home;

    @BeforeAll
    static void makeHome() throws Exception {
        home = TestHome.withOddFiles(folder.resolve("home"));
    }

    static Stream<Path> broken() throws IOException {
        return Files.list(Path.of("src/test/resources/broken")).sorted();
    }

    static Stream<Path> good() throws IOException {
        return Files.list(Path.of("src/test/resources/good")).sorted();
    }

    @ParameterizedTest
    @MethodSource("broken")
    void tellsEveryErrorWithItsLineAndNothingElse(Path file) throws Exception {
        var expected = Files.readAllLines(file).stream()
                .map(EXPECTED::matcher)
                .filter(matcher -> matcher.matches())
                .toList();

        var result = check(file);

        assertThat(result.settings()).isEmpty();
        assertThat(expected).isNotEmpty();
        for (var one : expected) {
            assertThat(result.findings())
                    .as(one.group())
                    .anyMatch(finding -> finding.line() == Integer.parseInt(one.group(1))
                            && finding.severity().word().equals(one.group(2))
                            && finding.toString().contains(one.group(3)));
        }
        assertThat(result.findings()).hasSameSizeAs(expected);
        assertThat(result.findings()).extracting(Finding::file).containsOnly("conf/relais.xml");
        assertThat(result.findings()).isSorted();
        assertThat(result.findings().toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @MethodSource("good")
    void hasNothingToSayOfAGoodFile(Path file) throws Exception {
        var result = check(file);

        assertThat(result.findings()).isEmpty();
        assertThat(result.settings()).isPresent();
    }

    @Test
    void readsWhatTheFileSays() throws Exception {
        var settings = check(Path.of("src/test/resources/good/02-a-relay-of-an-organisation.xml"))
                .settings()
                .orElseThrow();

        assertThat(settings.hostname()).isEqualTo("localhost");
        assertThat(settings.relayFrom())
                .extracting(Network::toString)
                .containsExactly("10.1.0.0/16", "2001:db8:1:0:0:0:0:0/48", "192.0.2.7/32");
        assertThat(settings.listeners())
                .extracting(Listener::inWords)
                .containsExactly(
                        "smtp listener 127.0.0.2:25",
                        "smtp listener [0:0:0:0:0:0:0:1]:25",
                        "submission listener 127.0.0.1:465",
                        "submission listener 127.0.0.1:587");
        assertThat(settings.listeners().get(0).proxyFrom()).hasSize(2);
        var route = settings.routes().get(0);
        assertThat(route.isForAll()).isTrue();
        assertThat(route.via().hosts()).containsExactly(new HostPort("smart.example.net", 587));
        assertThat(route.credentials()).contains(home.conf().resolve("credentials"));
        assertThat(route.tls()).isEqualTo(RouteTls.REQUIRED);
        assertThat(settings.dnsServers())
                .extracting(HostPort::toString)
                .containsExactly("127.0.0.1:5353", "[2001:db8:0:0:0:0:0:53]:53", "[2001:db8:0:0:0:0:0:53]:5353");
        assertThat(settings.delivery().bounceSender()).isEqualTo("postmaster@example.org");
    }

    @Test
    void readsRoutesInTheirOrder() throws Exception {
        var routes = check(Path.of("src/test/resources/good/06-routes.xml"))
                .settings()
                .orElseThrow()
                .routes();

        assertThat(routes)
                .extracting(route -> route.via().toString())
                .containsExactly(
                        "smtp://smart.example.net:587 smtp://second.example.net:25",
                        "lmtp://127.0.0.1:10024",
                        "smtps://[2001:db8:0:0:0:0:0:1]:465",
                        "mx:2525",
                        "mx");
        var first = routes.get(0);
        assertThat(first.to())
                .extracting(AddressPattern::text)
                .containsExactly("example.org", "*.example.org", "user@example.net");
        assertThat(first.from()).extracting(AddressPattern::text).containsExactly("<>", "boss@example.com");
        assertThat(first.shuffle()).isTrue();
        assertThat(first.convert()).isTrue();
        assertThat(routes.get(1).convert()).isFalse();
        assertThat(first.tls()).isEqualTo(RouteTls.VERIFIED);
        assertThat(first.helo()).contains("out.example.org");
        assertThat(first.source().orElseThrow().getHostAddress()).isEqualTo("192.0.2.25");
        assertThat(routes.get(1).isForAll()).isFalse();
        assertThat(routes.get(3).via().mxPort()).isEqualTo(2525);
        assertThat(routes.get(4).isForAll()).isTrue();
    }

    @Test
    void anEmptyFileMeansTheDefaultsThatTheShippedFileWrites() throws Exception {
        var empty = check(Path.of("src/test/resources/good/01-empty.xml"));
        var shipped = check(Path.of("../../conf/relais.xml"));

        assertThat(shipped.findings()).isEmpty();
        assertThat(shipped.settings().orElseThrow())
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*line")
                .isEqualTo(empty.settings().orElseThrow());
        assertThat(shipped.effective())
                .extracting(EffectiveSetting::name, EffectiveSetting::value)
                .containsAll(empty.effective().stream()
                        .map(row -> tuple(row.name(), row.value()))
                        .toList());
        assertThat(empty.effective()).allMatch(EffectiveSetting::isDefault);
    }

    @Test
    void listsTheStandardPortsByDefault() throws Exception {
        var settings = check(Path.of("src/test/resources/good/01-empty.xml"))
                .settings()
                .orElseThrow();

        assertThat(settings.listeners())
                .extracting(Listener::protocol, Listener::tls, Listener::port)
                .containsExactly(
                        tuple(Protocol.SMTP, TlsMode.STARTTLS, 25),
                        tuple(Protocol.SUBMISSION, TlsMode.STARTTLS, 587),
                        tuple(Protocol.SUBMISSION, TlsMode.IMPLICIT, 465),
                        tuple(Protocol.POP3, TlsMode.STARTTLS, 110),
                        tuple(Protocol.POP3, TlsMode.IMPLICIT, 995),
                        tuple(Protocol.IMAP, TlsMode.STARTTLS, 143),
                        tuple(Protocol.IMAP, TlsMode.IMPLICIT, 993),
                        tuple(Protocol.LMTP, TlsMode.NONE, 24),
                        tuple(Protocol.MANAGESIEVE, TlsMode.STARTTLS, 4190));
        assertThat(settings.listeners()).allMatch(listener -> listener.address().isLoopbackAddress());
        assertThat(settings.administration().port()).isEqualTo(8000);
        assertThat(settings.limits().messageSize().octets()).isEqualTo(40L * 1024 * 1024);
        assertThat(settings.limits().idleTimeout(Protocol.SUBMISSION)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void tellsAMissingFile() {
        var result = new RelaisXml(TestHome.CLOCK).check(folder.resolve("nowhere"));

        assertThat(result.settings()).isEmpty();
        assertThat(result.findings()).hasSize(1);
        assertThat(result.findings().get(0).toString()).contains("relais.xml:1: error: the file does not exist");
    }

    @Test
    void everyExampleOfTheReferenceIsRight() throws Exception {
        for (var declaration : RelaisSchema.DECLARATIONS) {
            if (declaration instanceof Declaration.Items items) {
                var text = "<relais><" + items.name() + ">" + items.example() + "</" + items.name() + "></relais>";
                Files.writeString(home.relaisXml(), text);

                assertThat(new RelaisXml(TestHome.CLOCK).check(home.conf()).findings())
                        .noneMatch(Finding::isError);
            }
        }
    }

    /** Whatever stands in the file, there is an answer, and settings exactly when nothing is an error. */
    @Test
    void answersToWhateverTheFileHolds() throws Exception {
        long seed = Long.getLong("relais.seed", 20261123L);
        var random = new Random(seed);
        var good = Files.readString(Path.of("src/test/resources/good/02-a-relay-of-an-organisation.xml"));
        var bad = Files.readString(Path.of("src/test/resources/broken/13-sizes-and-durations.xml"));
        var pieces = "</> \"'0199/:.,-*@&#;mMhPT\u00e9\ud83d\ude00[]";
        for (int round = 0; round < 3_000; round++) {
            var text = new StringBuilder(random.nextInt(3) == 0 ? bad : good);
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                int at = random.nextInt(text.length());
                char c = pieces.charAt(random.nextInt(pieces.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, c);
                    case 1 -> text.setCharAt(at, c);
                    default -> text.deleteCharAt(at);
                }
            }
            Files.write(home.relaisXml(), text.toString().getBytes(StandardCharsets.UTF_8));

            var result = new RelaisXml(TestHome.CLOCK).check(home.conf());

            assertThat(result.settings().isPresent())
                    .as("seed %d round %d%n%s", seed, round, text)
                    .isEqualTo(result.findings().stream().noneMatch(Finding::isError));
        }
    }

    private static RelaisXml.Result check(Path file) throws IOException {
        Files.copy(file, home.relaisXml(), StandardCopyOption.REPLACE_EXISTING);
        return new RelaisXml(TestHome.CLOCK).check(home.conf());
    }
}
