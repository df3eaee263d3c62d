package org.relais.access.sieve.james;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.james.core.Username;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.mailbox.store.FakeAuthenticator;
import org.apache.james.managesieve.jsieve.Parser;
import org.apache.james.sieverepository.file.SieveFileRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.access.mailbox.LineClient;
import org.relais.access.mailbox.MemoryMail;
import org.relais.access.mailbox.TestCertificate;
import org.relais.access.transport.BoundListener;
import org.relais.access.transport.ListenerOptions;
import org.relais.access.transport.ListenerOptions.ListenerLimits;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.TlsMode;

class RelaisManageSieveServerTest {

    private static final String SCRIPT = "require \"fileinto\";\r\n# \u00e9\r\nfileinto \"Work\";\r\n";

    @TempDir
    Path directory;

    private final ListenerTransport transport = new ListenerTransport(2, 4);
    private final List<LineClient> clients = new ArrayList<>();
    private BoundListener listener;

    @BeforeEach
    void start() throws Exception {
        var options = new ListenerOptions(
                "managesieve",
                InetAddress.getLoopbackAddress(),
                0,
                TlsMode.STARTTLS,
                List.of(),
                "mx.example.org",
                new ListenerLimits(100, 50, Duration.ofMinutes(30), 25 << 20));
        var authenticator = new FakeAuthenticator();
        authenticator.addUser(Username.of(MemoryMail.USER), MemoryMail.PASSWORD);
        var scripts = new RepositoryScripts(
                authenticator, new SieveFileRepository(new Directory(directory.resolve("data"))), new Parser());
        listener = new RelaisManageSieveServer(
                        options, new TestCertificate(directory).context(), transport, scripts, 64 << 10)
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        for (var client : clients) {
            client.close();
        }
        transport.close();
    }

    @Test
    void greetsWithCapabilitiesAndWithoutPlainInTheClear() throws Exception {
        var greeting = lines(client());

        assertThat(greeting).contains("\"STARTTLS\"", "\"SASL\" \"\"", "\"VERSION\" \"1.0\"");
        assertThat(greeting).anyMatch(line -> line.startsWith("\"SIEVE\" ") && line.contains("fileinto"));
        assertThat(greeting).last().isEqualTo("OK \"mx.example.org Relais ManageSieve ready\"");
    }

    @Test
    void refusesPasswordsInTheClear() throws Exception {
        var client = client();
        lines(client);

        assertThat(ask(client, "AUTHENTICATE \"PLAIN\" \"" + plain("secret") + "\""))
                .containsExactly("NO (ENCRYPT-NEEDED) \"Login needs TLS\"");
    }

    @Test
    void tellsItsCapabilitiesAnewUnderTlsAndGoesOn() throws Exception {
        var client = client();
        lines(client);
        assertThat(ask(client, "STARTTLS")).containsExactly("OK \"Begin TLS\"");
        client.startTls();

        assertThat(lines(client)).contains("\"SASL\" \"PLAIN\"").doesNotContain("\"STARTTLS\"");
        assertThat(ask(client, "NOOP \"tag\"")).containsExactly("OK (TAG \"tag\") \"Done\"");
        assertThat(ask(client, "LISTSCRIPTS")).containsExactly("NO \"Log in first\"");
        assertThat(ask(client, "AUTHENTICATE \"PLAIN\" \"" + plain("secret") + "\""))
                .containsExactly("OK");
        assertThat(ask(client, "CAPABILITY")).contains("\"OWNER\" \"" + MemoryMail.USER + "\"");
    }

    @Test
    void refusesCommandsInTheClearBehindStartTls() throws Exception {
        var client = client();
        lines(client);

        client.send("STARTTLS\r\nNOOP\r\n");

        assertThat(client.rest()).isEqualTo("OK \"Begin TLS\"\r\nBYE \"Nothing may follow STARTTLS before TLS\"\r\n");
    }

    @Test
    void authenticatesWithoutInitialResponseAndGivesUpAfterThreeWrongPasswords() throws Exception {
        var client = underTls();
        client.send("AUTHENTICATE \"PLAIN\"\r\n");
        assertThat(client.line()).isEqualTo("\"\"");
        assertThat(ask(client, "\"*\"")).containsExactly("NO \"Authentication broken off\"");
        client.send("AUTHENTICATE \"PLAIN\"\r\n");
        assertThat(client.line()).isEqualTo("\"\"");
        var response = plain("secret");
        assertThat(ask(client, "{" + response.length() + "+}\r\n" + response)).containsExactly("OK");
        assertThat(ask(client, "UNAUTHENTICATE")).containsExactly("OK");

        var wrong = "AUTHENTICATE \"PLAIN\" \"" + plain("wrong") + "\"";
        assertThat(ask(client, wrong)).containsExactly("NO \"Wrong user or password\"");
        assertThat(ask(client, wrong)).containsExactly("NO \"Wrong user or password\"");
        client.send(wrong + "\r\n");
        assertThat(client.rest()).isEqualTo("BYE \"Too many wrong passwords\"\r\n");
    }

    @Test
    void keepsScripts() throws Exception {
        var client = loggedIn();
        var octets = SCRIPT.getBytes(UTF_8);

        assertThat(ask(client, "HAVESPACE \"main\" " + octets.length)).containsExactly("OK");
        assertThat(ask(client, "PUTSCRIPT \"main\" " + literal(SCRIPT))).containsExactly("OK");
        assertThat(ask(client, "PUTSCRIPT \"a \\\"quoted\\\" one\" \"keep;\"")).containsExactly("OK");
        assertThat(ask(client, "SETACTIVE \"main\"")).containsExactly("OK");
        assertThat(ask(client, "LISTSCRIPTS"))
                .containsExactlyInAnyOrder("\"main\" ACTIVE", "\"a \\\"quoted\\\" one\"", "OK");
        client.send("GETSCRIPT \"main\"\r\n");
        assertThat(client.line()).isEqualTo("{" + octets.length + "}");
        assertThat(client.octets(octets.length)).isEqualTo(octets);
        assertThat(client.line()).isEmpty();
        assertThat(client.line()).isEqualTo("OK");
        assertThat(ask(client, "DELETESCRIPT \"main\"").get(0)).startsWith("NO (ACTIVE)");
        assertThat(ask(client, "RENAMESCRIPT \"none\" \"x\"").get(0)).startsWith("NO (NONEXISTENT)");
        assertThat(ask(client, "SETACTIVE \"\"")).containsExactly("OK");
        assertThat(ask(client, "RENAMESCRIPT \"main\" \"other\"")).containsExactly("OK");
        assertThat(ask(client, "DELETESCRIPT \"other\"")).containsExactly("OK");
    }

    @Test
    void keepsNoScriptThatDoesNotParse() throws Exception {
        var client = loggedIn();

        for (var bad : List.of("if {", "keep \"unterminated", "\u00a7\u00a7", "if true {".repeat(5_000))) {
            assertThat(ask(client, "CHECKSCRIPT " + literal(bad)))
                    .singleElement()
                    .asString()
                    .startsWith("NO \"");
            assertThat(ask(client, "PUTSCRIPT \"bad\" " + literal(bad)).get(0)).startsWith("NO ");
        }

        assertThat(ask(client, "LISTSCRIPTS")).containsExactly("OK");
    }

    @Test
    void refusesNamesThatLeadOutOfTheStore() throws Exception {
        var client = loggedIn();

        for (var name : List.of("../evil", ".active", "a/b", "", "x".repeat(200))) {
            assertThat(ask(client, "PUTSCRIPT \"" + name + "\" \"keep;\""))
                    .as(name)
                    .first()
                    .asString()
                    .startsWith("NO");
        }
    }

    @Test
    void boundsWhatAClientMaySend() throws Exception {
        var before = client();
        lines(before);
        before.send("PUTSCRIPT \"x\" {60000000+}\r\n");
        assertThat(before.rest()).isEqualTo("BYE \"Command too long\"\r\n");

        var after = loggedIn();
        assertThat(ask(after, "HAVESPACE \"x\" 99999999").get(0)).startsWith("NO (QUOTA/MAXSIZE)");
        after.send("x".repeat(1 << 18));
        assertThat(after.line()).isEqualTo("BYE \"Command too long\"");
    }

    @Test
    void saysGoodbyeWithALineBreak() throws Exception {
        var client = client();
        lines(client);

        client.send("LOGOUT\r\n");

        assertThat(client.rest()).isEqualTo("OK \"Goodbye\"\r\n");
    }

    @Test
    void saysByeWhenItIsDrained() throws Exception {
        var client = loggedIn();

        listener.drain(Duration.ofSeconds(10));

        assertThat(client.rest()).isEqualTo("BYE (TRYLATER) \"Server is going down\"\r\n");
    }

    private static List<String> ask(LineClient client, String command) throws IOException {
        client.send(command + "\r\n");
        return lines(client);
    }

    private static List<String> lines(LineClient client) throws IOException {
        return client.linesUntil(line -> line.matches("(OK|NO|BYE)( .*)?"));
    }

    private static String literal(String text) {
        var octets = text.getBytes(UTF_8);
        return "{" + octets.length + "+}\r\n" + new String(octets, ISO_8859_1);
    }

    private static String plain(String password) {
        return Base64.getEncoder().encodeToString(("\0" + MemoryMail.USER + "\0" + password).getBytes(UTF_8));
    }

    private LineClient client() throws IOException {
        var client = new LineClient(listener.address());
        clients.add(client);
        return client;
    }

    private LineClient underTls() throws Exception {
        var client = client();
        lines(client);
        ask(client, "STARTTLS");
        client.startTls();
        lines(client);
        return client;
    }

    private LineClient loggedIn() throws Exception {
        var client = underTls();
        assertThat(ask(client, "AUTHENTICATE \"PLAIN\" \"" + plain("secret") + "\""))
                .containsExactly("OK");
        return client;
    }

    private record Directory(Path base) implements FileSystem {

        @Override
        public InputStream getResource(String url) throws IOException {
            return Files.newInputStream(getFile(url).toPath());
        }

        @Override
        public File getFile(String url) {
            return base.resolve(url.replaceFirst("^file://", "")).toFile();
        }

        @Override
        public File getBasedir() {
            return base.toFile();
        }
    }
}
