package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.dialogue.ImapDialogue;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.server.RelaisProcess;
import org.relais.testkit.server.TestHome;

/** The example project's jar in conf/extensions, its mailet and matcher in a chain. */
@Timeout(120)
class ExtensionTest {
    private static final String PASSWORD = "a long enough password";
    private static final String BOB = "bob@" + TestHome.DOMAIN;
    private static final String BEHIND = "<processor state=\"root\">";

    @TempDir
    Path folder;

    private TestHome home;

    @BeforeEach
    void makeAHomeWithTheExtension() throws IOException {
        home = TestHome.in(folder.resolve("home"))
                .extension(extensionJar(folder))
                .create();
    }

    /** The packaged jar, or the same classes packed here where a build stopped before the phase that packs them. */
    private static Path extensionJar(Path folder) throws IOException {
        Path target = Checkout.root().resolve("docs/examples/extension/target");
        try (Stream<Path> files = Files.list(target)) {
            var packaged = files.filter(
                            f -> f.getFileName().toString().matches("relais-example-extension-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst();
            if (packaged.isPresent()) {
                return packaged.get();
            }
        }
        Path classes = target.resolve("classes");
        Path jar = folder.resolve("relais-example-extension.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> tree = Files.walk(classes)) {
            for (Path path : tree.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
            }
        }
        return jar;
    }

    /** Puts a mailet in front of all others. */
    private void chainBeginsWith(String mailet) throws IOException {
        String chain = Files.readString(home.chainXml());
        assertThat(chain).contains(BEHIND);
        Files.writeString(home.chainXml(), chain.replace(BEHIND, BEHIND + "\n" + mailet));
    }

    @Test
    void runsInTheChainForTheMailsItMatches() throws IOException {
        chainBeginsWith(
                "<mailet match=\"com.example.mail.SubjectContains=invoice\" class=\"com.example.mail.AddField\">"
                        + "<name>X-Department</name><value>Sales</value></mailet>");
        try (var relais = RelaisProcess.run(home)) {
            relais.administration().addUser(BOB, PASSWORD);
            for (String subject : List.of("Your Invoice", "Something else")) {
                try (var smtp = SmtpDialogue.greeted(home.ports().smtp())) {
                    smtp.submit("alice@client.test", BOB, ("Subject: " + subject + "\r\n\r\n").getBytes());
                    smtp.quit();
                }
            }

            try (var imap = ImapDialogue.loggedIn(home.ports().imaps(), BOB, PASSWORD)) {
                Awaitility.await().atMost(Site.SOON).until(() -> Site.messages(imap, "INBOX") == 2);
                imap.select("INBOX");
                for (int number = 1; number <= 2; number++) {
                    String mail = new String(imap.fetch(number));
                    assertThat(mail.contains("X-Department: Sales")).as(mail).isEqualTo(mail.contains("Your Invoice"));
                }
            }
        }
    }

    @Test
    void itsParametersAreCheckedBeforeTheStart() throws IOException {
        chainBeginsWith("<mailet match=\"All\" class=\"com.example.mail.AddField\"><nam>X-Department</nam></mailet>");

        try (var check = RelaisProcess.command(home, "", "config", "check")) {
            assertThat(check.awaitExit(Site.SOON)).isEqualTo(1);
            assertThat(check.output()).anyMatch(l -> l.contains("mailetcontainer.xml:") && l.contains("nam"));
        }
    }
}
