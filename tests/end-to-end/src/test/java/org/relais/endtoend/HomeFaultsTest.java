package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.server.RelaisProcess;
import org.relais.testkit.server.TestHome;

/** A home on which Relais cannot run: it says so in words and ends with 1, and changes nothing. */
@Timeout(120)
class HomeFaultsTest {
    @TempDir
    Path folder;

    private TestHome home() {
        return TestHome.in(folder.resolve("home")).create();
    }

    private static String refused(TestHome home) {
        try (var process = RelaisProcess.refused(home)) {
            assertThat(process.awaitExit(Site.SOON)).isEqualTo(1);
            return String.join("\n", process.output());
        }
    }

    @Test
    void aPortInUseNamesTheListener() throws IOException {
        var home = home();
        try (var taken = new ServerSocket(home.ports().pop3(), 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(refused(home))
                    .containsIgnoringCase("pop3")
                    .contains(Integer.toString(taken.getLocalPort()))
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aHomeOfAnotherVersionIsRefused() throws IOException {
        var home = home();
        Files.writeString(home.root().resolve("data/version"), "99\n");

        assertThat(refused(home)).contains("version '99'").doesNotContain("\tat ");
    }

    @Test
    void aHomeThatTakesNoFilesIsRefused() throws IOException {
        var home = home();
        // For the superuser a mode forbids nothing; a file where a folder must be forbids it to everyone.
        Files.delete(home.temporary());
        Files.writeString(home.temporary(), "");

        assertThat(refused(home)).contains("written").contains("tmp").doesNotContain("\tat ");
    }

    @Test
    void brokenConfigurationIsToldWithFileAndLineAndAllAtOnce() throws IOException {
        var home = home();
        Files.writeString(
                home.relaisXml(),
                "<relais>\n  <hostnam>x</hostnam>\n  <limits>\n    <recipients>many</recipients>\n  </limits>\n</relais>\n");

        assertThat(refused(home))
                .contains("relais.xml:2: error:")
                .contains("hostname")
                .contains("relais.xml:4: error:")
                .doesNotContain("\tat ");
    }

    @Test
    void theSameTextComesFromConfigCheck() throws IOException {
        var home = home();
        Files.writeString(home.relaisXml(), "<relais>\n  <hostnam>x</hostnam>\n</relais>\n");

        try (var check = RelaisProcess.command(home, "", "config", "check")) {
            assertThat(check.awaitExit(Site.SOON)).isEqualTo(1);
            String finding = check.output().stream()
                    .filter(l -> l.contains("relais.xml:2: error:"))
                    .findFirst()
                    .orElseThrow();
            assertThat(refused(home)).contains(finding);
        }
    }
}
