package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.dialogue.ImapDialogue;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.server.RelaisProcess;
import org.relais.testkit.server.TestHome;

/** James's SMTP hooks in a listener of a whole server. */
@Timeout(120)
class HookTest {
    private static final String PASSWORD = "a long enough password";
    private static final String BOB = "bob@" + TestHome.DOMAIN;

    @TempDir
    Path folder;

    private TestHome home;

    @BeforeEach
    void makeAHome() throws IOException {
        home = TestHome.in(folder.resolve("home")).create();
    }

    private void hook(String element) throws IOException {
        String xml = Files.readString(home.relaisXml());
        String end = "port=\"" + home.ports().smtp() + "\" tls=\"starttls\"";
        String changed = xml.replace(end + "/>", end + ">" + element + "</listener>");
        assertThat(changed).isNotEqualTo(xml);
        Files.writeString(home.relaisXml(), changed);
    }

    @Test
    void aHookOfJamesRefusesAndAnotherChangesTheMail() throws IOException {
        hook(
                "<hook class=\"MaxRcptHandler\"><maxRcpt>1</maxRcpt></hook>"
                        + "<hook class=\"SetMimeHeaderHandler\"><headername>X-Hooked</headername><headervalue>yes</headervalue></hook>");
        try (var relais = RelaisProcess.run(home)) {
            relais.administration().addUser(BOB, PASSWORD);
            relais.administration().addUser("carol@" + TestHome.DOMAIN, PASSWORD);
            try (var smtp = SmtpDialogue.greeted(home.ports().smtp())) {
                smtp.submit("alice@client.test", BOB, "Subject: x\r\n\r\nbody\r\n".getBytes());
                smtp.ask("MAIL FROM:<alice@client.test>");
                smtp.ask("RCPT TO:<" + BOB + ">");
                assertThat(smtp.ask("RCPT TO:<carol@" + TestHome.DOMAIN + ">").toString())
                        .contains("452");
                smtp.quit();
            }

            try (var imap = ImapDialogue.loggedIn(home.ports().imaps(), BOB, PASSWORD)) {
                Awaitility.await().atMost(Site.SOON).until(() -> Site.messages(imap, "INBOX") == 1);
                imap.select("INBOX");
                assertThat(new String(imap.fetch(1)))
                        .contains("X-Hooked: yes\r\n")
                        .endsWith("\r\n\r\nbody\r\n");
            }
        }
    }

    @Test
    void theCheckRefusesADataLineFilter() throws IOException {
        hook("<hook class=\"DataLineJamesMessageHookHandler\"/>");

        try (var check = RelaisProcess.command(home, "", "config", "check")) {
            assertThat(check.awaitExit(Site.SOON)).isEqualTo(1);
            assertThat(check.output())
                    .anyMatch(line -> line.contains("relais.xml:") && line.contains("Relais reads content as bytes"));
        }
    }
}
