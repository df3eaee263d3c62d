package org.relais.configuration.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relais.configuration.relaisxml.RelaisXml;
import org.relais.configuration.settings.Listener;
import org.relais.configuration.settings.Network;

class HomeCreatorTest {
    @TempDir
    Path folder;

    @Test
    void makesAHomeThatIsCheckedWithoutAWord() throws Exception {
        var home = TestHome.creator()
                .create(
                        folder.resolve("a/home"),
                        new HomeOptions(
                                "mx.example.org",
                                null,
                                10_000,
                                "smart.example.net:587",
                                List.of("127.0.0.0/8", "10.1.0.0/16")));

        var result = new RelaisXml(TestHome.CLOCK).check(home.conf());

        assertThat(result.findings()).isEmpty();
        var settings = result.settings().orElseThrow();
        assertThat(settings.hostname()).isEqualTo("mx.example.org");
        assertThat(settings.domain()).isEqualTo("example.org");
        assertThat(settings.listeners())
                .extracting(Listener::port)
                .containsExactly(10025, 10587, 10465, 10110, 10995, 10143, 10993, 10024, 14190);
        assertThat(settings.administration().port()).isEqualTo(18000);
        assertThat(settings.routes().get(0).via().hosts().get(0)).hasToString("smart.example.net:587");
        assertThat(settings.relayFrom()).extracting(Network::toString).containsExactly("127.0.0.0/8", "10.1.0.0/16");
    }

    @Test
    void keepsItsSecretsFromOthers() throws Exception {
        var home = TestHome.creator().create(folder.resolve("home"), HomeOptions.standard());

        assertThat(mode(home.root())).isEqualTo("rwx------");
        assertThat(mode(home.tokenFile())).isEqualTo("rw-------");
        assertThat(mode(home.conf().resolve("tls/key.pem"))).isEqualTo("rw-------");
        assertThat(home.token()).matches("[0-9a-f]{64}");
        assertThat(home.conf().resolve("relais.xsd")).exists();
        assertThat(home.chainXml()).hasContent("<mailetcontainer/>");
        assertThat(home.extensions()).isEmptyDirectory();
        assertThat(home.dkim()).isEmptyDirectory();
        assertThat(home.temporary()).isEmptyDirectory();
        assertThat(home.log()).isEmptyDirectory();
    }

    @Test
    void makesACertificateForTheHostAndLocalhost() throws Exception {
        var home = TestHome.creator()
                .create(folder.resolve("home"), new HomeOptions("mx.example.org", null, 0, null, List.of()));

        var certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Files.readAllBytes(home.conf().resolve("tls/certificate.pem"))));
        assertThat(certificate.getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactly("mx.example.org", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(Duration.between(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofDays(825));
        certificate.verify(certificate.getPublicKey());
    }

    @Test
    void refusesAHomeThatIsThereAndLeavesItAsItIs() throws Exception {
        var home = TestHome.creator().create(folder.resolve("home"), HomeOptions.standard());
        var token = home.token();

        assertThatThrownBy(() -> TestHome.creator().create(home.root(), HomeOptions.standard()))
                .isInstanceOf(HomeException.class)
                .hasMessage(home + " is a home already — start it: relais run --home " + home);
        assertThat(home.token()).isEqualTo(token);
        assertThat(folder)
                .isDirectoryNotContaining(path -> path.getFileName().toString().startsWith("."));
    }

    @Test
    void refusesAFolderOfSomethingElseAndAFile() throws Exception {
        var other = Files.createDirectory(folder.resolve("other"));
        var file = Files.writeString(other.resolve("letter.txt"), "Dear");

        assertThatThrownBy(() -> TestHome.creator().create(other, HomeOptions.standard()))
                .hasMessageContaining("exists and is not empty");
        assertThatThrownBy(() -> TestHome.creator().create(file, HomeOptions.standard()))
                .hasMessageContaining("exists and is not empty");
        assertThat(file).hasContent("Dear");
    }

    @Test
    void takesAnEmptyFolder() throws Exception {
        var empty = Files.createDirectory(folder.resolve("empty"));

        assertThat(TestHome.creator().create(empty, HomeOptions.standard()).root())
                .isEqualTo(empty);
    }

    @Test
    void ofTwoWhoMakeTheSameHomeOneIsRefused() throws Exception {
        var place = folder.resolve("home");
        Callable<Home> making = () -> TestHome.creator().create(place, HomeOptions.standard());
        var executor = Executors.newFixedThreadPool(4);
        int made = 0;
        try {
            for (var attempt : executor.invokeAll(List.of(making, making, making, making), 30, TimeUnit.SECONDS)) {
                try {
                    attempt.get();
                    made++;
                } catch (ExecutionException e) {
                    assertThat(e.getCause())
                            .isInstanceOf(HomeException.class)
                            .hasMessageContaining("is a home already");
                }
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(made).isEqualTo(1);
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(place);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "mx_1.example.org, -, 0, -, -, --hostname 'mx_1.example.org' is not a host name",
                "-, exa mple, 0, -, -, --domain 'exa mple' is not a host name",
                "-, -, 60000, -, -, --port-offset 60000 leads to ports that do not exist",
                "-, -, -1, -, -, --port-offset -1",
                "-, -, 0, host:port, -, is not a host with or without a port",
                "-, -, 0, me:word@host, -, --smart-host holds a user name or password",
                "-, -, 0, -, 10.0.0.1/8, write 10.0.0.0/8",
            })
    void refusesOptionsThatAreWrong(
            String hostname, String domain, int offset, String smartHost, String relayFrom, String message) {
        var options = new HomeOptions(
                hostname, domain, offset, smartHost, relayFrom == null ? List.of() : List.of(relayFrom));

        assertThatThrownBy(() -> TestHome.creator().create(folder.resolve("home"), options))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining(message);
        assertThat(folder).isEmptyDirectory();
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
