package org.relais.access.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentDecoderTest {
    @ParameterizedTest
    @CsvSource({
        "'.|n', ''",
        "'a|n.|n', 'a|n'",
        "'..|n.|n', '.|n'",
        "'...a|n.|n', '..a|n'",
        "'.a|n.|n', 'a|n'",
        "'a.|n.|n', 'a.|n'",
        "'|n|n.|n', '|n|n'",
    })
    void takesTheStuffingOffWhereverTheInputIsCut(String wire, String content) {
        for (int cut = 0; cut <= octets(wire).length; cut++) {
            ContentDecoder decoder = ContentDecoder.ofData(false);

            assertThat(decode(decoder, wire, cut)).isEqualTo(text(content));
            assertThat(decoder.isAtEnd()).isTrue();
            assertThat(decoder.hasBareLineEnding()).isFalse();
        }
    }

    /** "SMTP smuggling": each of these ends the data for some server; for us none does. */
    @ParameterizedTest
    @CsvSource({
        "'a\n.\n'",
        "'a\n.|n'",
        "'a|n.\n'",
        "'a\r.\r'",
        "'a\r.|n'",
        "'a|n.\r'",
        "'a|n|0.|n'",
        "'a\n\n.|n'",
        "'|n.\r\r\n'"
    })
    void endsAtCrlfDotCrlfOnly(String wire) {
        for (int cut = 0; cut <= octets(wire).length; cut++) {
            ContentDecoder decoder = ContentDecoder.ofData(false);

            decode(decoder, wire, cut);

            assertThat(decoder.isAtEnd()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"'a\nb|n.|n', 'a|nb|n'", "'a\rb|n.|n', 'a|nb|n'", "'a\n.\nb|n.|n', 'a|n.|nb|n'", "'a\r|n.|n', 'a|n|n'"})
    void makesBareLineEndingsCrlfWhereToldTo(String wire, String content) {
        for (int cut = 0; cut <= octets(wire).length; cut++) {
            ContentDecoder decoder = ContentDecoder.ofData(true);

            assertThat(decode(decoder, wire, cut)).isEqualTo(text(content));
            assertThat(decoder.hasBareLineEnding()).isTrue();
        }
    }

    @Test
    void leavesWhatFollowsTheEndInTheInput() {
        ByteBuffer input = ByteBuffer.wrap(octets("a|n.|nMAIL"));

        ContentDecoder.ofData(false).decode(input, new Collector());

        assertThat(input.remaining()).isEqualTo(4);
    }

    @Test
    void handsOnEveryOctetThatWasStuffedByTheRules() {
        long seed = 20261124;
        Random random = new Random(seed);
        byte[] alphabet = {'.', 'a', 0, (byte) 0xFF, '\r', '\n'};
        for (int round = 0; round < 2000; round++) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            for (int i = random.nextInt(30); i > 0; i--) {
                byte octet = alphabet[random.nextInt(alphabet.length)];
                content.writeBytes(octet == '\r' || octet == '\n' ? new byte[] {'\r', '\n'} : new byte[] {octet});
            }
            content.writeBytes(new byte[] {'\r', '\n'});
            String plain = content.toString(StandardCharsets.ISO_8859_1);
            String wire = ("\r\n" + plain).replace("\r\n.", "\r\n..").substring(2) + ".\r\n";

            String decoded = decode(ContentDecoder.ofData(false), wire, random.nextInt(wire.length()));

            assertThat(decoded).as("seed %d round %d", seed, round).isEqualTo(plain);
        }
    }

    private static String decode(ContentDecoder decoder, String wire, int cut) {
        byte[] octets = octets(wire);
        Collector out = new Collector();
        decoder.decode(ByteBuffer.wrap(Arrays.copyOfRange(octets, 0, cut)), out);
        decoder.decode(ByteBuffer.wrap(Arrays.copyOfRange(octets, cut, octets.length)), out);
        return out.octets.toString(StandardCharsets.ISO_8859_1);
    }

    private static final class Collector implements ContentDecoder.Sink {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        @Override
        public void write(ByteBuffer run) {
            while (run.hasRemaining()) {
                octets.write(run.get());
            }
        }

        @Override
        public boolean hasRoom() {
            return true;
        }
    }

    private static byte[] octets(String text) {
        return text(text).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(String text) {
        return text.replace("|n", "\r\n").replace("|0", "\0");
    }
}
