package org.relais.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.dialogue.SmtpDialogue;

@Timeout(120)
class RelaisInstanceTest {
    @TempDir
    Path folder;

    @Test
    void startsOnItsPortsTakesAUserAndStops() {
        TestHome home = TestHome.in(folder.resolve("home")).create();

        try (var relais = RelaisInstance.start(home)) {
            relais.administration().addUser("bob@example.org", "a long enough password");
            try (var smtp = SmtpDialogue.greeted(relais.ports().smtp())) {
                smtp.ask("MAIL FROM:<>", "250");
                smtp.ask("RCPT TO:<bob@example.org>", "250");
                smtp.quit();
            }
        }

        assertThatThrownBy(() -> SmtpDialogue.connect(home.ports().smtp())).hasMessageContaining("no connection");
    }

    @Test
    void aHomeMayHaveFurtherElementsAndAnotherChain() throws IOException {
        String chain = "<mailetcontainer><!-- of the test --></mailetcontainer>";

        TestHome home = TestHome.in(folder.resolve("home"))
                .smartHost("127.0.0.1:2525")
                .dns("127.0.0.1:5353")
                .relayFrom("127.0.0.0/8")
                .with("<limits><recipients>7</recipients></limits>")
                .chain(chain)
                .create();

        assertThat(Files.readString(home.relaisXml()))
                .contains("<recipients>7</recipients>", "127.0.0.1:5353", "smtp://127.0.0.1:2525", "127.0.0.0/8");
        assertThat(Files.readString(home.chainXml())).isEqualTo(chain);
    }

    @Test
    void aConfigurationThatIsWrongFailsTheTestWithItsFindings() {
        TestHome home = TestHome.in(folder.resolve("home"))
                .with("<limits><recipients>many</recipients></limits>")
                .create();

        assertThatThrownBy(() -> RelaisInstance.start(home)).hasMessageContaining("recipients");
    }
}
