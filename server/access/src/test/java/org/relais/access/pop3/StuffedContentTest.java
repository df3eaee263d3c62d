package org.relais.access.pop3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StuffedContentTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: b\\r\\n\\r\\ntext\\r\\n | a: b\\r\\n\\r\\ntext\\r\\n.\\r\\n",
                ".\\r\\n..x\\r\\n.y | ..\\r\\n...x\\r\\n..y\\r\\n.\\r\\n",
                "'' | .\\r\\n",
                "no end | no end\\r\\n.\\r\\n",
                "half\\r | half\\r\\n.\\r\\n",
                "bare\\n | bare\\n\\r\\n.\\r\\n",
                "\\r\\r\\n.a\\r\\n | \\r\\r\\n..a\\r\\n.\\r\\n",
                "\u00e9\u00ff\\r\\n | \u00e9\u00ff\\r\\n.\\r\\n"
            })
    void stuffsDotsAndEndsTheLastLine(String content, String sent) throws IOException {
        assertThat(sent(content, Long.MAX_VALUE)).isEqualTo(sent.translateEscapes());
    }

    @Test
    void givesTheHeaderAndSomeLines() throws IOException {
        var mail = "a: b\\r\\nc: d\\r\\n\\r\\n.one\\r\\ntwo\\r\\nthree\\r\\n";

        assertThat(sent(mail, 0)).isEqualTo("a: b\r\nc: d\r\n\r\n.\r\n");
        assertThat(sent(mail, 2)).isEqualTo("a: b\r\nc: d\r\n\r\n..one\r\ntwo\r\n.\r\n");
        assertThat(sent(mail, 9)).isEqualTo("a: b\r\nc: d\r\n\r\n..one\r\ntwo\r\nthree\r\n.\r\n");
        assertThat(sent("only: header\\r\\n", 3)).isEqualTo("only: header\r\n.\r\n");
    }

    private static String sent(String content, long lines) throws IOException {
        var octets = content.translateEscapes().getBytes(ISO_8859_1);
        try (var stuffed = new StuffedContent(new ByteArrayInputStream(octets), lines)) {
            return new String(stuffed.readAllBytes(), ISO_8859_1);
        }
    }
}
