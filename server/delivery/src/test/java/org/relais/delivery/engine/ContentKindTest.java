package org.relais.delivery.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relais.smtpclient.OutgoingContent.Kind;

class ContentKindTest {
    @ParameterizedTest
    @CsvSource({
        "'', SEVEN_BIT",
        "a\\r\\n, SEVEN_BIT",
        "no final line end, SEVEN_BIT",
        "\\t\\r\\n\\r\\n, SEVEN_BIT",
        "é\\r\\n, EIGHT_BIT",
        "bare\\nLF, BINARY",
        "bare\\rCR, BINARY",
        "CR at the end\\r, BINARY",
        "two\\r\\r\\n, BINARY",
        "nul\\0, BINARY"
    })
    void saysWhatAServerMustTake(String escaped, Kind kind) {
        String text = escaped.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");

        assertThat(kindOf(text, text.length())).isEqualTo(kind);
        assertThat(kindOf(text, 1)).isEqualTo(kind);
    }

    @Test
    void aLongLineIsNoReasonToRefuse() {
        assertThat(kindOf("x".repeat(5000) + "\r\n", 100)).isEqualTo(Kind.SEVEN_BIT);
        assertThat(kindOf("é".repeat(5000) + "\r\n", 100)).isEqualTo(Kind.EIGHT_BIT);
    }

    @Test
    void agreesWithAPlainReadingOfTheRules() {
        Random random = new Random(4711);
        String[] parts = {"\r\n", "\r", "\n", "a", ".", "é", "\0", "x".repeat(990), "\r\n\r\n", " "};
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i > 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            assertThat(kindOf(text.toString(), 1 + random.nextInt(5)))
                    .as("%s", text)
                    .isEqualTo(plainly(text.toString()));
        }
    }

    private static Kind plainly(String text) {
        String lines = text.replace("\r\n", "\u0100");
        boolean isBinary = lines.indexOf('\r') >= 0 || lines.indexOf('\n') >= 0 || lines.indexOf('\0') >= 0;
        return isBinary ? Kind.BINARY : text.indexOf('é') >= 0 ? Kind.EIGHT_BIT : Kind.SEVEN_BIT;
    }

    private static Kind kindOf(String text, int piece) {
        byte[] octets = text.getBytes(ISO_8859_1);
        ContentKind kind = new ContentKind();
        for (int at = 0; at < octets.length; at += piece) {
            kind.add(octets, at, Math.min(piece, octets.length - at));
        }
        return kind.kind();
    }
}
