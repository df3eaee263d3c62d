package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.server.RelaisProcess;
import org.relais.testkit.server.TestHome;

/** The command line against a server that runs, as an operator uses both. */
@Timeout(180)
class CommandLineTest {
    private static final Duration SOON = Site.SOON;

    @TempDir
    Path folder;

    private static String done(TestHome home, String input, String... words) {
        try (var command = RelaisProcess.command(home, input, words)) {
            String output = String.join("\n", command.output());
            assertThat(command.awaitExit(SOON)).as(output).isZero();
            return output;
        }
    }

    private static String failed(TestHome home, int status, String... words) {
        try (var command = RelaisProcess.command(home, "", words)) {
            String output = String.join("\n", command.output());
            assertThat(command.awaitExit(SOON)).as(output).isEqualTo(status);
            assertThat(output).doesNotContain("\tat ");
            return output;
        }
    }

    @Test
    void anOperatorMakesDomainUserAndAliasTestsItAllAndStops() {
        var home = TestHome.in(folder.resolve("home")).create();
        try (var relais = RelaisProcess.run(home)) {
            done(home, "", "domain", "add", "example.net");
            done(home, "a long enough password\n", "user", "add", "bob@example.net", "--password-stdin");
            done(home, "", "alias", "add", "sales@example.net", "bob@example.net");

            assertThat(done(home, "", "user", "list")).contains("bob@example.net");
            assertThat(done(home, "", "status", "--json")).startsWith("{");
            try (var smtp = SmtpDialogue.greeted(home.ports().smtp())) {
                smtp.ask("MAIL FROM:<>", "250");
                smtp.ask("RCPT TO:<sales@example.net>", "250"); // correct at once
                done(home, "", "alias", "remove", "sales@example.net", "bob@example.net");
                smtp.ask("RCPT TO:<sales@example.net>", "550 5.1.1");
                smtp.quit();
            }
            assertThat(done(home, "", "selftest"))
                    .contains("C: ")
                    .contains("S: ")
                    .contains("250 ");
            done(home, "", "stop");

            assertThat(relais.child().awaitExit(SOON)).isZero();
        }
    }

    @Test
    void withoutAServerACommandSaysHowToStartOne() {
        var home = TestHome.in(folder.resolve("home")).create();

        assertThat(failed(home, 1, "user", "list")).contains("not running: relais run --home ");
        assertThat(failed(home, 2, "usr", "list")).contains("user");
    }

    @Test
    void aSecondRunOnTheSameHomeIsRefused() {
        var home = TestHome.in(folder.resolve("home")).create();
        try (var first = RelaisProcess.run(home)) {
            assertThat(failed(home, 1, "run"))
                    .contains(Long.toString(first.child().pid()));
        }
    }

    @Test
    void administrationNeedsTheTokenOnEveryRouteButHealthcheck() {
        var home = TestHome.in(folder.resolve("home")).create();
        try (var relais = RelaisProcess.run(home)) {
            var administration = relais.administration();

            assertThat(administration.request("GET", "/healthcheck", null, null).statusCode())
                    .isEqualTo(200);
            for (String path :
                    new String[] {"/users", "//users", "/healthcheck/../users", "/%75sers", "/metrics", "/"}) {
                assertThat(administration.request("GET", path, null, null).statusCode())
                        .as(path)
                        .isIn(400, 401, 404);
                assertThat(administration
                                .request("GET", path, null, "0".repeat(64))
                                .statusCode())
                        .as(path)
                        .isIn(400, 401, 404);
            }
            assertThat(administration.get("/metrics")).contains("# TYPE");
        }
    }

    @Test
    void theLauncherOfTheCheckoutStartsTheServerAndHandsSigtermOn() {
        Path build = Checkout.root().resolve("distribution/target/relais/built");
        if (!Files.exists(build)) {
            System.err.println("SKIPPED, NOT TESTED: ./relais has not built this checkout yet");
        }
        Assumptions.assumeTrue(Files.exists(build), "./relais has not built this checkout yet");
        var home = TestHome.in(folder.resolve("home")).create();

        try (var relais = RelaisProcess.launch(Checkout.root(), home)) {
            relais.child().terminate();

            assertThat(relais.child().awaitExit(SOON)).isIn(0, 143);
            assertThat(relais.child().output()).anyMatch(l -> l.contains("stopped"));
        }
    }
}
