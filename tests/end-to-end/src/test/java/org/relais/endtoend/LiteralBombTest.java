package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.dialogue.ImapDialogue;
import org.relais.testkit.server.RelaisProcess;
import org.relais.testkit.server.TestHome;

/** CVE-2024-37358: literals announced before login must cost neither memory nor disk. */
@Timeout(120)
class LiteralBombTest {
    private static final long MIB = 1024 * 1024;
    private static final byte[] BLOCK = new byte[(int) MIB];

    @TempDir
    Path folder;

    @Test
    void eightClientsThatAnnounce60MegabytesBeforeLoginCostLessThan64Mebibytes() throws IOException {
        var home = TestHome.in(folder.resolve("home")).create();
        try (var relais = RelaisProcess.run(home)) {
            warmUp(home);
            long before = relais.child().residentOctets();

            List<ImapDialogue> bombs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                var imap = ImapDialogue.connect(home.ports().imap()).withPatience(Site.SOON);
                bombs.add(imap);
                imap.expectLine("* OK");
                imap.send("a1 LOGIN {60000000" + (i % 2 == 0 ? "}" : "+}"));
            }
            bombs.forEach(LiteralBombTest::pushOn);

            assertThat(relais.child().residentOctets() - before).isLessThan(64 * MIB);
            bombs.forEach(ImapDialogue::close);
            try (Stream<Path> files = Files.walk(home.temporary())) {
                assertThat(files.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }

    /** Sends all that was announced, until the server closes or it is all sent. */
    private static void pushOn(ImapDialogue imap) {
        try {
            for (int i = 0; i < 60; i++) {
                imap.sendRaw(BLOCK);
            }
        } catch (AssertionError e) {
            assertThat(e).hasMessageContaining("could not send");
        }
    }

    /** Classes that any login loads are not the literals' cost. */
    private static void warmUp(TestHome home) {
        try (var imap = ImapDialogue.connectTls(home.ports().imaps()).withPatience(Site.SOON)) {
            imap.expectLine("* OK");
            imap.command("LOGIN nobody wrong");
        }
    }
}
