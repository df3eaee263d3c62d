package org.relais.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relais.testkit.dialogue.SmtpDialogue;
import org.relais.testkit.mail.OctetComparison;
import org.relais.testkit.server.ChildProcess;
import org.relais.testkit.server.RelaisInstance;
import org.relais.testkit.server.TestHome;
import org.relais.testkit.smtp.ByteSink;

/** A DKIM signature (RFC 6376) that Perl's Mail::DKIM made verifies by Mail::DKIM behind Relais too, whatever verb brings it. */
@Timeout(120)
@Tag("interop")
@ExtendWith(SharedSite.class)
class ForeignSignatureTest {
    private static final String SIGN = """
            use strict; use Mail::DKIM::Signer; use Mail::DKIM::PrivateKey;
            my $signer = Mail::DKIM::Signer->new(Algorithm => 'rsa-sha256', Method => $ARGV[1], Domain => 'client.test',
                Selector => 'sel', Key => Mail::DKIM::PrivateKey->load(File => $ARGV[0]));
            binmode STDOUT; open(my $in, '<:raw', $ARGV[2]) or die $!;
            my $mail = do { local $/; <$in> };
            $signer->PRINT($mail); $signer->CLOSE;
            print $signer->signature->as_string, "\\r\\n", $mail;
            """;

    /** The key is what DNS would answer. */
    private static final String VERIFY = """
            use strict; use Mail::DKIM::Verifier; use Net::DNS;
            { no warnings; *Mail::DKIM::DNS::query = sub {
                return Net::DNS::RR->new(name => $_[0], type => 'TXT', txtdata => "v=DKIM1; k=rsa; p=$ARGV[0]"); }; }
            open(my $in, '<:raw', $ARGV[1]) or die $!;
            my $verifier = Mail::DKIM::Verifier->new;
            $verifier->PRINT(do { local $/; <$in> }); $verifier->CLOSE;
            print $verifier->result_detail, "\\n";
            """;

    private static final String MAIL = String.join(
            "\r\n",
            "Date: Mon, 23 Nov 2026 12:00:00 +0000",
            "From: Alice  <alice@client.test>",
            "To: <carol@remote.test>",
            "Subject:  spaces,\tand a fold",
            "  that stay",
            "Message-ID: <1@client.test>",
            "",
            ".a dot, and trailing space \t ",
            "..",
            "",
            "caf\u00e9",
            "",
            "");

    private static final String[] WITHOUT_BDAT = {"8BITMIME", "PIPELINING"};
    private static final String[] WITH_BDAT = {"8BITMIME", "PIPELINING", "CHUNKING"}; // RFC 3030 §2

    @TempDir
    Path folder;

    private String perl(String script, String... arguments) {
        var words = new java.util.ArrayList<>(
                List.of(Programs.require("perl", "PERL").toString(), "-e", script));
        words.addAll(List.of(arguments));
        try (var child = ChildProcess.start(words, "", Map.of("LC_ALL", "C"))) {
            int status = child.awaitExit(Site.SOON);
            String output = String.join("\n", child.output());
            if (output.contains("Can't locate Mail/DKIM")) {
                System.err.println("SKIPPED, NOT TESTED: Perl's Mail::DKIM is not installed");
                Assumptions.abort("Mail::DKIM is not installed");
            }
            assertThat(status).as(output).isZero();
            return output;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DATA, DATA, simple/simple",
        "DATA, BDAT, relaxed/relaxed",
        "BDAT, DATA, relaxed/simple",
        "BDAT, BDAT, simple/simple"
    })
    void verifiesAtTheSink(String in, String out, String method) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        byte[] content = signed(keys, method);

        String[] extensions = out.equals("BDAT") ? WITH_BDAT : WITHOUT_BDAT;

        byte[] arrived;
        String dialogue;
        try (var sink = ByteSink.start(extensions);
                var relais = RelaisInstance.start(TestHome.in(folder.resolve("home"))
                        .smartHost(sink.hostAndPort())
                        .relayFrom("127.0.0.0/8")
                        .create())) {
            send(relais.ports().smtp(), in, content);
            arrived = sink.awaitMail(Site.SOON).content();
            dialogue = sink.dialogue();
        }

        String key = Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
        assertThat(verdict(key, content)).as("before the relay").isEqualTo("pass");
        assertThat(dialogue).contains("C: " + out).doesNotContain("C: " + (out.equals("BDAT") ? "DATA" : "BDAT"));
        OctetComparison.below("Received").of(content, arrived);
        assertThat(verdict(key, arrived)).as("behind the relay").isEqualTo("pass");
        arrived[arrived.length - 8] ^= 1;
        assertThat(verdict(key, arrived)).as("altered").startsWith("fail");
    }

    private byte[] signed(KeyPair keys, String method) throws IOException {
        Path key = Files.writeString(
                folder.resolve("key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Path mail = Files.write(folder.resolve("mail"), MAIL.getBytes(StandardCharsets.ISO_8859_1));
        Path out = folder.resolve("signed");
        perl(
                SIGN.replace("binmode STDOUT;", "open(STDOUT, '>:raw', '" + out + "') or die $!;"),
                key.toString(),
                method,
                mail.toString());
        return Files.readAllBytes(out);
    }

    private String verdict(String key, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("content"), content);
        return perl(VERIFY, key, file.toString());
    }

    private static void send(int port, String verb, byte[] content) {
        try (var smtp = SmtpDialogue.greeted(port).withPatience(Site.SOON)) {
            smtp.ask("EHLO client.test", "250");
            smtp.ask("MAIL FROM:<alice@client.test> BODY=8BITMIME", "250");
            smtp.ask("RCPT TO:<carol@remote.test>", "250");
            if (verb.equals("DATA")) {
                smtp.ask("DATA", "354");
                smtp.content(content).expect("250");
            } else {
                int half = content.length / 2; // between two lines or within one, it must not matter
                smtp.sendRaw(chunk("BDAT " + half, content, 0, half)).expect("250");
                smtp.sendRaw(chunk("BDAT " + (content.length - half) + " LAST", content, half, content.length))
                        .expect("250");
            }
            smtp.quit();
        }
    }

    private static byte[] chunk(String command, byte[] content, int from, int to) {
        var text = command + "\r\n" + new String(content, from, to - from, StandardCharsets.ISO_8859_1);
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
