package org.relais.administration.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relais.administration.fake.FakeServer;
import org.relais.administration.json.JsonReader;
import org.relais.administration.port.ListenerView;
import org.relais.administration.port.ListenerView.Tls;
import org.relais.configuration.Finding;

class CommandLineTest {
    private static final String MINIMAL = """
            <relais>
              <hostname>mx.example.org</hostname>
              <domain>example.org</domain>
              <listeners><listener protocol="smtp" port="0"/></listeners>
              <administration><port>0</port></administration>
            </relais>
            """;

    /** What one command did. */
    private record Done(int status, String out, String err) {}

    @TempDir
    private Path directory;

    private Path home;
    private FakeServer server;
    private CompletableFuture<Done> running;

    @BeforeEach
    void prepare() {
        home = directory.resolve("home");
        server = new FakeServer();
        running = CompletableFuture.completedFuture(new Done(0, "", ""));
    }

    @AfterEach
    void stop() throws Exception {
        if (!running.isDone()) {
            relais("stop");
            running.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void listsExactlyTheCommandsThatAreBuilt() {
        var help = relais("--help");

        assertThat(help.status()).isZero();
        assertThat(help.out().substring(help.out().indexOf("Commands:")).lines().skip(1))
                .filteredOn(line -> line.matches("  [a-z].*"))
                .extracting(line -> line.strip().split("[ ,]")[0])
                .containsExactly(
                        "run",
                        "init",
                        "status",
                        "stop",
                        "selftest",
                        "benchmark",
                        "domain",
                        "user",
                        "alias",
                        "queue",
                        "config",
                        "tls",
                        "version");
    }

    @ParameterizedTest
    @CsvSource({
        "domain,add list remove",
        "user,add list remove password",
        "alias,add list remove",
        "queue,list show retry hold release remove restore suspend reroute resume stats verify",
        "config,check show reference",
        "tls,show reload"
    })
    void listsTheSubcommandsThatAreBuilt(String group, String subcommands) {
        var commands = commandLine(Map.of(), InputStream.nullInputStream(), System.out, System.err)
                .commands()
                .getSubcommands()
                .get(group)
                .getSubcommands();

        assertThat(commands.keySet()).containsExactlyInAnyOrder(subcommands.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "statsu,relais does not know 'statsu'; did you mean status",
        "user lits,relais user does not know 'lits'; did you mean list",
        "status --jsno,relais status does not know '--jsno'; did you mean --json",
        "user add a@example.org --password secret,relais user add does not know",
        "domain,a command is missing",
        "user add,Missing required parameter: 'ADDRESS'",
        "init --port-offset x,Invalid value for option '--port-offset'",
        "'',a command is missing",
        "mailbox list,relais does not know 'mailbox'",
        "queue retry,which envelopes?",
        "queue hold --all ID,--all stands alone",
        "queue show,Missing required parameter: 'ID'"
    })
    void answersWrongUsageWithOneLineAndStatus2(String arguments, String start) {
        var done = relaisWithoutHome(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(done.status()).isEqualTo(2);
        assertThat(done.err()).startsWith(start).hasLineCount(1).contains(" --help");
        assertThat(done.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "stop",
                "selftest",
                "domain list",
                "user list",
                "alias list",
                "queue list",
                "queue show ID",
                "queue retry ID",
                "queue hold --all",
                "queue stats",
                "tls show",
                "tls reload",
                "domain add example.org",
                "user add a@example.org --password-stdin"
            })
    void saysThatNoServerRunsWhetherOrNotThereIsAHome(String command) {
        var line = "not running: relais run --home " + home + "\n";
        var withoutHome = relais(command.split(" "));
        relais("init");
        var withHome = relais(command.split(" "));

        assertThat(withoutHome).isEqualTo(new Done(1, "", line));
        assertThat(withHome).isEqualTo(new Done(1, "", line));
    }

    @Test
    void takesTheHomeBeforeOrAfterTheCommandAndFromTheEnvironment() {
        var first = directory.resolve("first").toString();
        var second = directory.resolve("second").toString();
        var third = directory.resolve("third");

        assertThat(relaisWithoutHome("--home", first, "init").status()).isZero();
        assertThat(relaisWithoutHome("init", "--home", second).status()).isZero();
        var done = execute(Map.of("RELAIS_HOME", third.toString()), "", "init");

        assertThat(done.out()).contains("made a home: " + third, "relais run --home " + third);
        assertThat(Path.of(first, "conf/relais.xml")).exists();
        assertThat(Path.of(second, "conf/relais.xml")).exists();
    }

    @Test
    void refusesToMakeAHomeTwice() {
        relais("init");

        var again = relais("init");

        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).hasLineCount(1).contains("is a home already", "relais run --home");
    }

    @Test
    void tellsAllErrorsOfTheConfigurationAndRunRefusesWithTheSameText() throws Exception {
        relais("init");
        Files.writeString(
                home.resolve("conf/relais.xml"),
                "<relais>\n<hostnam>a</hostnam>\n<log><level>x</level></log>\n</relais>\n");

        var check = relais("config", "check");
        var run = relais("run");

        assertThat(check.status()).isEqualTo(1);
        assertThat(check.out())
                .contains("conf/relais.xml:2: error: ", "conf/relais.xml:3: error: ", "chain.xml:7: notice");
        assertThat(check.err()).hasLineCount(1).startsWith("2 errors in the configuration");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEqualTo(check.out() + check.err());
        assertThat(server.isClosed).isFalse();
    }

    @Test
    void printsFindingsAsJson() throws Exception {
        relais("init");

        var read = JsonReader.readObject(relais("config", "check", "--json").out());

        assertThat(read).containsEntry("sound", true);
        assertThat(read.get("findings").toString()).contains("severity=notice", "line=7");
    }

    @Test
    void showsSettingsAndTheReferenceAsTextAndJson() throws Exception {
        relais("init");

        assertThat(relais("config", "show").out()).contains("limits/messageSize = 40M");
        assertThat(JsonReader.readObject(relais("config", "show", "--json").out()))
                .containsKey("settings");
        assertThat(relais("config", "reference").out()).contains("limits/messageSize");
        assertThat(JsonReader.read(relais("config", "reference", "--json").out()))
                .isInstanceOf(List.class);
    }

    @Test
    void namesTheListenerWhosePortIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            relais("init");
            Files.writeString(
                    home.resolve("conf/relais.xml"),
                    MINIMAL.replaceFirst("port=\"0\"", "port=\"" + taken.getLocalPort() + "\""));

            var run = relais("run");

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).contains("smtp listener", "127.0.0.1:" + taken.getLocalPort(), "another program");
        }
    }

    @Test
    void makesAHomeWithAFirstUserAndPrintsLinesThatCanBeTyped() throws Exception {
        relais("init", "--domain", "example.org");
        server.listeners = List.of(
                new ListenerView("smtp", "0.0.0.0", 10025, Tls.STARTTLS),
                new ListenerView("submission", "127.0.0.1", 10587, Tls.STARTTLS),
                new ListenerView("imap", "::1", 10993, Tls.IMPLICIT));

        var first = runAndStop();
        var second = runAndStop();

        var password = server.accounts.passwords.get("postmaster@example.org");
        assertThat(password).hasSize(20);
        assertThat(first)
                .contains("smtp            0.0.0.0:10025          STARTTLS")
                .contains("home            " + home)
                .contains("first user      postmaster@example.org")
                .contains("password        " + password)
                .contains("what is in them is gone after a restart")
                .contains("telnet 127.0.0.1 10025")
                .contains("swaks --server 127.0.0.1 --port 10587 --tls --auth PLAIN --auth-user postmaster@example.org"
                        + " --auth-password " + password)
                .contains("openssl s_client -quiet -crlf -connect [::1]:10993");
        assertThat(second).contains("first user      postmaster@example.org").doesNotContain(password);
    }

    @Test
    void doesNotMakeTheFirstUserAgainOnceItWasRemoved() throws Exception {
        relais("init");
        runAndStop();
        server.accounts.passwords.clear();

        runAndStop();

        assertThat(server.accounts.passwords).isEmpty();
    }

    @Test
    void tellsAPasswordThatHoldsWhenTheStartThatMadeTheUserFailed() throws Exception {
        relais("init", "--domain", "example.org");
        Files.writeString(home.resolve("conf/relais.xml"), MINIMAL);
        server.failsOnce = true;
        assertThat(relais("run").err()).contains("not started: ");
        assertThat(server.accounts.passwords).containsKey("postmaster@example.org");

        var out = runAndStop();

        assertThat(out).contains("password        " + server.accounts.passwords.get("postmaster@example.org"));
    }

    @Test
    void refusesASecondServerOnTheSameHome() throws Exception {
        run();

        var second = relais("run");

        assertThat(second.status()).isEqualTo(1);
        assertThat(second.err()).hasLineCount(1).contains("runs on " + home + " already");
    }

    @Test
    void stopsWithStatus0AndFreesTheHome() throws Exception {
        run();

        var stop = relais("stop");

        assertThat(stop).isEqualTo(new Done(0, "stopped\n", ""));
        assertThat(running.get(20, TimeUnit.SECONDS).status()).isZero();
        assertThat(server.isClosed).isTrue();
        assertThat(relais("status").err()).startsWith("not running: ");
    }

    @Test
    void managesDomainsUsersAndAliases() throws Exception {
        run();

        assertThat(relais("domain", "add", "Example.COM").out())
                .isEqualTo("added example.com; next: relais user add NAME@example.com\n");
        assertThat(relais("domain", "list").out()).isEqualTo("example.com\nexample.org\n");
        assertThat(relaisGiven("geheim\nrest", "user", "add", "bob@example.com", "--password-stdin")
                        .out())
                .isEqualTo("added bob@example.com\n");
        assertThat(server.accounts.passwords).containsEntry("bob@example.com", "geheim");
        assertThat(relaisGiven("neu", "user", "password", "bob@example.com", "--password-stdin")
                        .status())
                .isZero();
        assertThat(server.accounts.passwords).containsEntry("bob@example.com", "neu");
        assertThat(relais("user", "list").out()).contains("bob@example.com\n");
        assertThat(relais("alias", "add", "info@example.com", "bob@example.com").out())
                .isEqualTo("added info@example.com bob@example.com\n");
        assertThat(relais("alias", "list").out()).isEqualTo("info@example.com bob@example.com\n");
        assertThat(relais("alias", "remove", "info@example.com", "bob@example.com")
                        .out())
                .endsWith("undo: relais alias add info@example.com bob@example.com\n");
        assertThat(relais("user", "remove", "bob@example.com").out())
                .contains("removed bob@example.com; undo: relais user add bob@example.com");
        assertThat(server.accounts.hasRemovedMailboxes).isFalse();
        assertThat(relais("domain", "remove", "example.com").out()).contains("undo: relais domain add example.com");
    }

    @Test
    void failsInOneLineWithTheServersRemedy() throws Exception {
        run();

        var done = relaisGiven("x", "user", "add", "bob@other.example", "--password-stdin");

        assertThat(done).isEqualTo(new Done(1, "", "domain other.example is not local — relais domain add x\n"));
        assertThat(relais("domain", "add", "a b").err()).startsWith("not a domain: a b — ");
        assertThat(relaisGiven("\n", "user", "add", "bob@example.org", "--password-stdin")
                        .err())
                .startsWith("the password is empty");
    }

    @Test
    void printsEveryAnswerAsJsonWhenAsked() throws Exception {
        run();

        for (var command : List.of(
                "status",
                "domain list",
                "user list",
                "alias list",
                "tls show",
                "version",
                "domain add example.net",
                "domain remove example.net")) {
            var done = relais((command + " --json").split(" "));
            assertThat(done.status()).as(command).isZero();
            assertThat(JsonReader.read(done.out())).as(command).isInstanceOf(Map.class);
        }
    }

    @Test
    void showsTheStatusForAPersonAndForPrograms() throws Exception {
        run();

        assertThat(relais("status").out())
                .contains("running, healthy: Relais 1.2.3, process 4711, up 1 h 2 min", "queue 3 mails", "port 10025");
        assertThat(JsonReader.readObject(relais("status", "--json").out()))
                .containsEntry("version", "1.2.3")
                .containsEntry("uptimeSeconds", 3_725L)
                .containsEntry("queueSize", 3L);
    }

    @Test
    void tellsWhyTheCertificateWasNotReadAgain() throws Exception {
        run();

        assertThat(relais("tls", "reload").status()).isZero();
        server.isReloadable = false;

        assertThat(relais("tls", "reload").err())
                .isEqualTo("the key is not the certificate's — put its own key there\n");
    }

    @Test
    void doesNotSendTheTokenToWhoeverListensAfterACrash() throws Exception {
        relais("init");
        try (var foreign = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Files.writeString(
                    home.resolve("data/administration.address"), "127.0.0.1 " + foreign.getLocalPort() + "\n");

            var done = relais("status");

            assertThat(done.err()).startsWith("not running: ");
            foreign.setSoTimeout(1);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(foreign::accept))
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void removesTheSelfTestsUserWhenItFails() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            closed = socket.getLocalPort();
        }
        server.listeners = List.of(
                new ListenerView("submission", "127.0.0.1", closed, Tls.STARTTLS),
                new ListenerView("imap", "127.0.0.1", closed, Tls.STARTTLS),
                new ListenerView("pop3", "127.0.0.1", closed, Tls.STARTTLS));
        run();

        var done = relais("selftest");

        assertThat(done.status()).isEqualTo(1);
        assertThat(done.err()).hasLineCount(1).startsWith("failed: submission: ");
        assertThat(server.accounts.passwords).containsOnlyKeys("postmaster@example.org");
        assertThat(server.accounts.hasRemovedMailboxes).isTrue();
    }

    @Test
    void saysWhichListenerTheSelfTestMisses() throws Exception {
        run();

        assertThat(relais("selftest").err()).startsWith("there is no submission listener with tls=\"starttls\"");
    }

    @Test
    void asksAPersonTwiceForAPasswordAndNobodyElse() throws Exception {
        run();
        var typed = new java.util.ArrayDeque<>(List.of("eins", "eins", "eins", "zwei"));
        var out = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                InputStream.nullInputStream(),
                Map.of("RELAIS_HOME", home.toString()),
                text -> Optional.of(typed.remove()));
        var asking = new RelaisCommandLine(terminal, clock(), List.of(), server, data -> List.of());

        assertThat(asking.execute("user", "add", "eve@example.org")).isZero();
        assertThat(asking.execute("user", "password", "eve@example.org")).isEqualTo(1);
        var nobody = relais("user", "password", "eve@example.org");

        assertThat(server.accounts.passwords).containsEntry("eve@example.org", "eins");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("the two passwords differ")
                .doesNotContain("eins");
        assertThat(nobody.status()).isEqualTo(2);
        assertThat(nobody.err()).contains("--password-stdin");
    }

    @Test
    void showsTheVersions() {
        assertThat(relais("version").out()).matches("Relais [0-9].* on Apache James 3\\.8\\.1, Java .*\n");
        assertThat(relais("--version").out()).matches("Relais [0-9].*\n");
    }

    private String runAndStop() throws Exception {
        run();
        relais("stop");
        return running.get(20, TimeUnit.SECONDS).out();
    }

    /** Starts the server and returns once it has said that it runs. */
    private void run() throws Exception {
        if (Files.notExists(home)) {
            relais("init", "--domain", "example.org");
        }
        Files.writeString(home.resolve("conf/relais.xml"), MINIMAL);
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var announced = new CountDownLatch(1);
        var telling = new PrintStream(out, true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                super.println(line);
                if (line != null && line.contains("is running.")) {
                    announced.countDown();
                }
            }
        };
        var errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
        var line = commandLine(environment(), InputStream.nullInputStream(), telling, errStream);
        running = CompletableFuture.supplyAsync(() -> {
            int status = line.execute("run");
            announced.countDown();
            return new Done(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        });
        assertThat(announced.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("error");
    }

    private Map<String, String> environment() {
        return Map.of("RELAIS_HOME", home.toString());
    }

    private Done relais(String... arguments) {
        return execute(environment(), "", arguments);
    }

    private Done relaisGiven(String input, String... arguments) {
        return execute(environment(), input, arguments);
    }

    private Done relaisWithoutHome(String... arguments) {
        return execute(Map.of(), "", arguments);
    }

    private Done execute(Map<String, String> environment, String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status = commandLine(
                        environment,
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .execute(arguments);
        return new Done(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private RelaisCommandLine commandLine(
            Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
        var terminal = new Terminal(out, err, in, environment, text -> Optional.empty());
        return new RelaisCommandLine(
                terminal,
                clock(),
                List.of(conf -> List.of(Finding.notice("conf/chain.xml", 7, "a notice", "nothing to do"))),
                server,
                data -> List.of());
    }

    private static InstantSource clock() {
        return InstantSource.fixed(Instant.parse("2026-11-23T06:00:00Z"));
    }
}
