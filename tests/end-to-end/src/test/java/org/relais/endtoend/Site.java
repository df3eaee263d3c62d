package org.relais.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.relais.testkit.dialogue.ImapDialogue;
import org.relais.testkit.dialogue.Pop3Dialogue;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.server.RelaisInstance;
import org.relais.testkit.server.RelaisPorts;
import org.relais.testkit.server.TestHome;
import org.relais.testkit.smtp.ByteSink;

/**
 * One Relais inside the test JVM, whose smart host is a sink, with users made as tests ask for them. Shared by all classes
 * that leave it as they found it; a test that needs another configuration makes a home of its own.
 */
final class Site implements AutoCloseable {
    /** How long anything may take that a person would wait for. */
    static final Duration SOON = Duration.ofSeconds(30);

    private static final String PASSWORD = "a long enough password";

    /** A local user. */
    record Account(String address, String password) {}

    private final AtomicInteger users = new AtomicInteger();
    private final Path folder;
    private final ByteSink sink;
    private final RelaisInstance relais;

    private Site(Path folder, ByteSink sink, RelaisInstance relais) {
        this.folder = folder;
        this.sink = sink;
        this.relais = relais;
    }

    static Site start() {
        try {
            Path folder = Files.createTempDirectory("relais-end-to-end");
            ByteSink sink = ByteSink.start("8BITMIME", "PIPELINING", "SIZE");
            TestHome home = TestHome.in(folder.resolve("home"))
                    .smartHost(sink.hostAndPort())
                    // 20 MiB and their base64; one client is every test here
                    .with("<limits><messageSize>40M</messageSize>"
                            + "<connectionsPerClient>400</connectionsPerClient></limits>")
                    .create();
            return new Site(folder, sink, RelaisInstance.start(home));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RelaisPorts ports() {
        return relais.ports();
    }

    RelaisInstance relais() {
        return relais;
    }

    ByteSink sink() {
        return sink;
    }

    /** A user whom no other test knows. */
    Account user() {
        Account account = new Account("user" + users.incrementAndGet() + "@" + TestHome.DOMAIN, PASSWORD);
        relais.administration().addUser(account.address(), account.password());
        return account;
    }

    /** A session on the port for submission, logged in under STARTTLS. */
    SmtpDialogue submission(Account account) {
        SmtpDialogue smtp = SmtpDialogue.authenticated(ports().submission(), account.address(), account.password());
        return smtp.withPatience(SOON);
    }

    ImapDialogue imap(Account account) {
        return ImapDialogue.loggedIn(ports().imaps(), account.address(), account.password())
                .withPatience(SOON);
    }

    Pop3Dialogue pop3(Account account) {
        return Pop3Dialogue.loggedIn(ports().pop3s(), account.address(), account.password())
                .withPatience(SOON);
    }

    /** Waits until a mailbox holds so many messages, by asking again: IDLE has tests of its own. */
    void awaitMails(Account account, int count) {
        try (ImapDialogue imap = imap(account)) {
            Awaitility.await(count + " mails for " + account.address())
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> messages(imap, "INBOX") >= count);
            imap.logout();
        }
    }

    /** The messages of a mailbox that need not be selected. */
    static int messages(ImapDialogue imap, String mailbox) {
        String status = imap.ok("STATUS \"" + mailbox + "\" (MESSAGES)").lines().get(0);
        return Integer.parseInt(status.replaceAll(".*MESSAGES (\\d+).*", "$1"));
    }

    /** The number of an untagged EXISTS; -1 for another line. */
    static int exists(String line) {
        return line.matches("\\* \\d+ EXISTS") ? Integer.parseInt(line.split(" ")[1]) : -1;
    }

    @Override
    public void close() throws IOException {
        relais.close();
        sink.close();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
