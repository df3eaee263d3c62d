package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.server.RelaisProcess;
import org.relais.testkit.server.TestHome;

/** The launcher's is_client: each of these commands misses no class with the short class path that it gives them. */
@Timeout(180)
class ClientCommandsTest {
    private static final Pattern ORDER = Pattern.compile("--order (\\S+)");

    @TempDir
    Path folder;

    private TestHome home;

    @Test
    void accountsAreKeptWithOurOwnClassesAlone() {
        home = TestHome.in(folder.resolve("home")).create();
        try (var relais = RelaisProcess.run(home)) {
            assertThat(done("status")).contains("running");
            assertThat(done("version", "--json")).startsWith("{");
            assertThat(done("domain", "add", "example.net")).contains("example.net");
            assertThat(done("domain", "list")).contains("example.net");
            assertThat(run(0, "a long enough password\n", "user", "add", "bob@example.net", "--password-stdin"))
                    .contains("added bob@example.net");
            assertThat(run(0, "another long password\n", "user", "password", "bob@example.net", "--password-stdin"))
                    .contains("changed");
            assertThat(run(1, "", "domain", "remove", "example.net")).contains(" — ");
            done("user", "list", "--json");
            done("alias", "add", "sales@example.net", "bob@example.net");
            done("alias", "list");
            done("alias", "remove", "sales@example.net", "bob@example.net");
            done("user", "remove", "bob@example.net");
            done("domain", "remove", "example.net");
            done("tls", "show");
            done("tls", "reload");
            assertThat(run(2, "", "user", "lits")).contains("did you mean list");
            assertThat(done("queue", "--help")).contains("verify", "suspend");
            done("stop");
            assertThat(relais.child().awaitExit(Site.SOON)).isZero();
        }

        assertThat(run(1, "", "status")).contains("not running");
        assertThat(run(1, "", "queue", "list")).contains("not running");
    }

    @Test
    void theQueueIsLookedAfterWithOurOwnClassesAlone() {
        home = TestHome.in(folder.resolve("home")).create();
        try (var relais = RelaisProcess.run(home)) {
            done("domain", "add", "example.net");
            run(0, "a long enough password\n", "user", "add", "bob@example.net", "--password-stdin");
            done("queue", "hold", "--all");
            put("bob@example.net");

            var line = done("queue", "list");
            var id = line.substring(0, line.indexOf(' '));
            assertThat(line).contains("held", "<bob@example.net>");
            assertThat(done("queue", "list", "--json", "--all")).contains(id);
            assertThat(done("queue", "show", id)).contains("Subject: one");
            assertThat(done("queue", "show", id, "--message")).contains("Subject: one");
            done("queue", "retry", "--all");
            done("queue", "hold", id);
            done("queue", "release", id);
            done("queue", "remove", id, "--yes");
            done("queue", "restore", id);
            done("queue", "stats");
            var order = ORDER.matcher(done("queue", "suspend", "--destination", "example.org", "--reason", "test"));
            assertThat(order.find()).isTrue();
            done("queue", "suspend", "--list");
            done("queue", "resume", "--order", order.group(1));
            done("queue", "reroute", "--destination", "example.org", "--via", "smtp://127.0.0.1:9", "--reason", "test");
            done("queue", "resume", "--all");
            done("queue", "release", "--all");
            assertThat(relais.child().isAlive()).isTrue();
        }
    }

    private void put(String address) {
        try (var smtp = SmtpDialogue.greeted(home.ports().smtp())) {
            smtp.ask("MAIL FROM:<" + address + ">", "250");
            smtp.ask("RCPT TO:<" + address + ">", "250");
            smtp.ask("DATA", "354");
            smtp.ask("Subject: one\r\n\r\none\r\n.", "250");
            smtp.quit();
        }
    }

    private String done(String... words) {
        return run(0, "", words);
    }

    private String run(int status, String input, String... words) {
        try (var command = RelaisProcess.client(home, input, words)) {
            var output = String.join("\n", command.output());
            assertThat(command.awaitExit(Site.SOON)).as(output).isEqualTo(status);
            assertThat(output).doesNotContain("\tat ").doesNotContain("NoClassDefFoundError");
            return output;
        }
    }
}
