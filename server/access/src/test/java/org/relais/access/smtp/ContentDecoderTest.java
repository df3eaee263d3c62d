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

    /** A slow reading of the rules, for all mixtures of CR, LF and dots, in heap and direct memory. */
    @Test
    void agreesWithAReaderThatTakesOneOctetAtATime() {
        long seed = 20261123;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            boolean normalise = random.nextBoolean();
            boolean chunks = random.nextBoolean();
            StringBuilder wire = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                wire.append("aaaaaaaaaaa\r\n\r\n..\0\u0099".charAt(random.nextInt(19)));
            }
            ContentDecoder quick = chunks ? ContentDecoder.ofChunks(normalise) : ContentDecoder.ofData(normalise);
            ContentDecoder slow = chunks ? ContentDecoder.ofChunks(normalise) : ContentDecoder.ofData(normalise);
            Collector slowly = new Collector();
            byte[] octets = octets(wire.toString());
            int taken = 0;
            while (taken < octets.length && !slow.isAtEnd()) {
                slow.decode(ByteBuffer.wrap(octets, taken++, 1), slowly);
            }
            Collector quickly = new Collector();
            ByteBuffer input = ByteBuffer.allocateDirect(octets.length);
            input.put(octets).flip();

            quick.decode(input, quickly);

            assertThat(input.position()).as("seed %d round %d", seed, round).isEqualTo(taken);
            assertThat(quick.isAtEnd()).isEqualTo(slow.isAtEnd());
            assertThat(quick.hasBareLineEnding()).isEqualTo(slow.hasBareLineEnding());
            assertThat(quickly.octets.toByteArray())
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(slowly.octets.toByteArray());
        }
    }

    @Test
    void findsTheFirstCrOrLfWhereverItStands() {
        byte[] filling = {0, 'a', '\f', 0x0E, (byte) 0x8D, (byte) 0x8A, (byte) 0xFF, 0x09, 0x0B, 0x0C};
        for (byte end : new byte[] {'\r', '\n'}) {
            for (byte fill : filling) {
                for (int at = 0; at < 40; at++) {
                    byte[] octets = new byte[40];
                    Arrays.fill(octets, fill);
                    octets[at] = end;
                    ByteBuffer input = ByteBuffer.wrap(octets);

                    assertThat(LineEnds.next(input, 0, 40)).isEqualTo(at);
                    assertThat(LineEnds.next(input, 0, at)).isEqualTo(at);
                    assertThat(LineEnds.next(input, Math.min(40, at + 1), 40)).isEqualTo(40);
                }
            }
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
