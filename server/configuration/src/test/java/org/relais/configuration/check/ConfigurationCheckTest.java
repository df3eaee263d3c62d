package org.relais.configuration.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.configuration.Finding;
import org.relais.configuration.home.HomeOptions;
import org.relais.configuration.home.TestHome;
import org.relais.configuration.relaisxml.EffectiveSetting;

class ConfigurationCheckTest {
    @TempDir
    Path folder;

    @Test
    void joinsTheFindingsOfAllFilesInTheirOrder() throws Exception {
        var home = TestHome.creator().create(folder.resolve("home"), HomeOptions.standard());
        Files.writeString(home.relaisXml(), "<relais>\n<a/>\n<b/>\n</relais>\n");
        var check = new ConfigurationCheck(
                TestHome.CLOCK,
                List.of(conf -> List.of(
                        Finding.notice("conf/mailetcontainer.xml", 9, "later", "nothing"),
                        Finding.error("conf/mailetcontainer.xml", 3, "earlier", "something"))));

        var result = check.check(home);

        assertThat(result.isSound()).isFalse();
        assertThat(result.findings())
                .extracting(finding -> finding.file() + ":" + finding.line())
                .containsExactly(
                        "conf/mailetcontainer.xml:3",
                        "conf/mailetcontainer.xml:9",
                        "conf/relais.xml:2",
                        "conf/relais.xml:3");
    }

    @Test
    void anErrorInTheChainKeepsTheSettingsBack() throws Exception {
        var home = TestHome.creator().create(folder.resolve("home"), HomeOptions.standard());
        var error = Finding.error("conf/mailetcontainer.xml", 3, "wrong", "write it right");

        var sound = new ConfigurationCheck(TestHome.CLOCK, List.of(conf -> List.of())).check(home);
        var broken = new ConfigurationCheck(TestHome.CLOCK, List.of(conf -> List.of(error))).check(home);

        assertThat(sound.isSound()).isTrue();
        assertThat(sound.effective())
                .contains(new EffectiveSetting("limits/recipients", "1000", false, lineOf(home.relaisXml(), "<recip")));
        assertThat(broken.isSound()).isFalse();
        assertThat(broken.findings()).containsExactly(error);
    }

    @Test
    void namesEveryListenerWhosePortCannotBeHad() throws Exception {
        try (var one = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var home = TestHome.creator().create(folder.resolve("home"), HomeOptions.standard());
            Files.writeString(home.relaisXml(), """
                    <relais>
                      <listeners>
                        <listener protocol="smtp" port="%d"/>
                        <listener protocol="imap" port="0"/>
                        <listener protocol="pop3" port="0" address="192.0.2.1"/>
                      </listeners>
                      <administration>
                        <port>%d</port>
                      </administration>
                    </relais>
                    """.formatted(one.getLocalPort(), other.getLocalPort()));
            var settings = new ConfigurationCheck(TestHome.CLOCK, List.of())
                    .check(home)
                    .settings()
                    .orElseThrow();

            var findings = PortCheck.check(settings);

            assertThat(findings).extracting(Finding::line).containsExactly(3, 5, 8);
            assertThat(findings.get(0).toString())
                    .contains("the smtp listener cannot have 127.0.0.1:" + one.getLocalPort()
                            + ": another program listens there");
            assertThat(findings.get(1).message()).contains("the pop3 listener").contains("no such address");
            assertThat(findings.get(2).message()).contains("the administration cannot have");
        }
    }

    private static int lineOf(Path file, String text) throws Exception {
        var lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(text)) {
                return i + 1;
            }
        }
        throw new AssertionError(text);
    }
}
