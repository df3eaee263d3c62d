package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.server.ChildProcess;

/** Programs that others wrote, against a running Relais. A missing program is said loudly and skips its test. */
@Timeout(120)
@Tag("interop")
@ExtendWith(SharedSite.class)
class InteroperationTest {
    @TempDir
    Path folder;

    private static String program(String name) {
        Path path = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        if (path == null) {
            System.err.println("SKIPPED, NOT TESTED: the program " + name + " is not installed");
        }
        Assumptions.assumeTrue(path != null, name + " is not installed");
        return name;
    }

    /** Runs a program in a home of its own; returns its output once it has ended with 0. */
    private String run(String input, List<String> words) {
        try (var child = ChildProcess.start(words, input, Map.of("HOME", folder.toString(), "LC_ALL", "C.UTF-8"))) {
            int status = child.awaitExit(Site.SOON);
            assertThat(status).as(String.join("\n", child.output())).isZero();
            return String.join("\n", child.output());
        }
    }

    private void deliver(Site site, Site.Account bob, String subject) {
        try (var smtp = site.submission(bob)) {
            smtp.submit(bob.address(), bob.address(), ("Subject: " + subject + "\r\n\r\nHello.\r\n").getBytes());
            smtp.quit();
        }
        site.awaitMails(bob, 1);
    }

    @Test
    void swaksSubmitsUnderStartTlsWithALogin(Site site) {
        var bob = site.user();
        String swaks = program("swaks");

        String output = run(
                "",
                List.of(
                        swaks,
                        "--server",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(site.ports().submission()),
                        "--tls",
                        "--auth",
                        "PLAIN",
                        "--auth-user",
                        bob.address(),
                        "--auth-password",
                        bob.password(),
                        "--from",
                        bob.address(),
                        "--to",
                        bob.address(),
                        "--header",
                        "Subject: from swaks"));

        assertThat(output).contains("250 2.0.0").doesNotContain("\n**");
        site.awaitMails(bob, 1);
    }

    @Test
    void curlSubmitsAndFetchesByPop3AndImap(Site site) throws IOException {
        var bob = site.user();
        String curl = program("curl");
        Path mail = Files.writeString(folder.resolve("mail"), "Subject: from curl\r\n\r\nHello.\r\n");
        String login = bob.address() + ":" + bob.password();

        run(
                "",
                List.of(
                        curl,
                        "-sSk",
                        "--url",
                        "smtps://127.0.0.1:" + site.ports().submissions(),
                        "--user",
                        login,
                        "--mail-from",
                        bob.address(),
                        "--mail-rcpt",
                        bob.address(),
                        "--upload-file",
                        mail.toString()));
        site.awaitMails(bob, 1);
        String pop3 = run(
                "",
                List.of(
                        curl,
                        "-sSk",
                        "--user",
                        login,
                        "pop3s://127.0.0.1:" + site.ports().pop3s() + "/1"));
        String imap = run(
                "",
                List.of(
                        curl,
                        "-sSk",
                        "--user",
                        login,
                        "imaps://127.0.0.1:" + site.ports().imaps() + "/INBOX;MAILINDEX=1"));

        assertThat(pop3).contains("Subject: from curl");
        assertThat(imap).contains("Subject: from curl");
    }

    @Test
    void muttReadsTheMailbox(Site site) throws IOException {
        var bob = site.user();
        String mutt = program("mutt");
        deliver(site, bob, "for mutt");
        Path out = folder.resolve("copy");
        Path rc = Files.writeString(folder.resolve("muttrc"), """
                set imap_user="%s"
                set imap_pass="%s"
                set ssl_verify_host=no
                set ssl_verify_dates=no
                set certificate_file="%s"
                set ssl_starttls=no
                set delete=no
                set wait_key=no
                set tmpdir="%s"
                set folder="%s"
                """.formatted(
                        bob.address(), bob.password(), certificate(site), folder, folder));

        // Without a terminal mutt takes itself for a mail to be sent: script(1) gives it one.
        String command = String.join(
                " ",
                "TERM=vt100",
                mutt,
                "-n -F " + rc,
                "-f imaps://127.0.0.1:" + site.ports().imaps() + "/INBOX",
                "-e \"push '<pipe-message>cat>" + out + "<enter><exit>'\"");
        run("", List.of(program("script"), "-qec", command, "/dev/null"));

        assertThat(Files.readString(out)).contains("Subject: for mutt").contains("Hello.");
    }

    @Test
    void mbsyncPullsTheMailboxIntoAMaildir(Site site) throws IOException {
        var bob = site.user();
        String mbsync = program("mbsync");
        deliver(site, bob, "for mbsync");
        Path maildir = Files.createDirectories(folder.resolve("maildir"));
        Path rc = Files.writeString(folder.resolve("mbsyncrc"), """
                IMAPAccount relais
                Host 127.0.0.1
                Port %d
                User %s
                Pass "%s"
                SSLType IMAPS
                SystemCertificates no
                CertificateFile %s

                IMAPStore far
                Account relais

                MaildirStore near
                Path %s/
                Inbox %s/INBOX
                SubFolders Verbatim

                Channel all
                Far :far:
                Near :near:
                Patterns INBOX
                Create Near
                Sync Pull
                SyncState *
                """.formatted(
                        site.ports().imaps(), bob.address(), bob.password(), certificate(site), maildir, maildir));

        run("", List.of(mbsync, "-c", rc.toString(), "all"));

        try (Stream<Path> files = Files.walk(maildir.resolve("INBOX/new"))) {
            List<Path> mails = files.filter(Files::isRegularFile).toList();
            assertThat(mails).hasSize(1);
            assertThat(Files.readString(mails.get(0))).contains("Subject: for mbsync");
        }
    }

    private static Path certificate(Site site) {
        return site.relais().home().root().resolve("conf/tls/certificate.pem");
    }
}
