package org.relais.delivery.convert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.delivery.convert.Converting.applied;
import static org.relais.delivery.convert.Converting.conversion;
import static org.relais.delivery.convert.Converting.converted;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.james.mime4j.parser.AbstractContentHandler;
import org.apache.james.mime4j.parser.MimeStreamParser;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.MimeConfig;
import org.junit.jupiter.api.Test;

/** Whatever the mail: another reader finds in what was converted what was put into the original. */
class ConversionPropertiesTest {
    private static final int MAILS = 500;
    private static final int GARBAGE = 3_000;

    private static final String[] FRAGMENTS = {
        "\r\n",
        "\r\n",
        "\r\n",
        "\r\n\r\n",
        "\r",
        "\n",
        "\0",
        "\u00e9",
        " ",
        "\t",
        "--",
        "--b\r\n",
        "--b--\r\n",
        "--c\r\n",
        "--c--",
        "Content-Type: multipart/mixed; boundary=b\r\n",
        "Content-Type: multipart/signed; boundary=c\r\n",
        "Content-Type: multipart/alternative; boundary=\"c\"\r\n",
        "Content-Type: message/rfc822\r\n",
        "Content-Type: text/plain\r\n",
        "Content-Type: image/png\r\n",
        "Content-Type: ",
        "Content-Transfer-Encoding: 8bit\r\n",
        "Content-Transfer-Encoding: base64\r\n",
        "Content-Transfer-Encoding:",
        "MIME-Version: 1.0\r\n",
        "Subject: x\r\n",
        "text",
        "=",
        "(",
        "\"",
        ";",
        "x".repeat(1023),
        "y".repeat(999)
    };

    @Test
    void anotherReaderFindsTheSameOctetsInEachLeaf() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ConversionPropertiesTest.anotherReader seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < MAILS; i++) {
            MailGenerator generator = new MailGenerator(random);
            String mail = generator.mail();

            String converted = converted(mail);

            assertThat(leaves(converted)).as("mail %s of seed %s", i, seed).isEqualTo(generator.leaves());
            assertThat(is7Bit(converted)).as("mail %s of seed %s", i, seed).isTrue();
            assertThat(converted.split("\r\n"))
                    .as("mail %s of seed %s", i, seed)
                    .allMatch(line -> line.length() <= 998);
            assertThat(converted(converted)).as("mail %s of seed %s", i, seed).isEqualTo(converted);
        }
    }

    @Test
    void garbageIsConvertedOrRefusedAndNeverThrows() {
        long seed = System.nanoTime();
        System.out.println("ConversionPropertiesTest.garbage seed " + seed);
        Random random = new Random(seed);
        int plans = 0;
        for (int i = 0; i < GARBAGE; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(25); n > 0; n--) {
                text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
            }
            String garbage = text.toString();

            Conversion whole = conversion(garbage, 4096);

            assertThat(conversion(garbage, 1 + random.nextInt(7)))
                    .as("%s of seed %s", i, seed)
                    .isEqualTo(whole);
            if (whole instanceof Conversion.Plan plan) {
                plans++;
                String converted = applied(plan, garbage);
                assertThat(is7Bit(converted))
                        .as("%s of seed %s: %s", i, seed, garbage)
                        .isTrue();
                assertThat(converted(converted)).as("%s of seed %s", i, seed).isEqualTo(converted);
            }
        }
        assertThat(plans).isGreaterThan(GARBAGE / 100);
    }

    @Test
    void octetsOfAnyValueNeverThrow() {
        long seed = System.nanoTime();
        System.out.println("ConversionPropertiesTest.octets seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] octets = new byte[random.nextInt(3000)];
            random.nextBytes(octets);
            String body = new String(octets, ISO_8859_1);

            assertThat(conversion(body, 100)).isNotNull();
            assertThat(is7Bit(converted("\r\n" + body))).as("seed %s", seed).isTrue();
            assertThat(is7Bit(converted("Content-Type: x/y\r\n\r\n" + body)))
                    .as("seed %s", seed)
                    .isTrue();
        }
    }

    private static boolean is7Bit(String text) {
        String lines = text.replace("\r\n", "");
        return lines.chars().allMatch(octet -> octet != 0 && octet < 128 && octet != '\r' && octet != '\n');
    }

    private static List<String> leaves(String mail) throws Exception {
        List<String> leaves = new ArrayList<>();
        MimeStreamParser parser =
                new MimeStreamParser(MimeConfig.custom().setMaxLineLen(-1).build());
        parser.setContentDecoding(true);
        parser.setContentHandler(new AbstractContentHandler() {
            @Override
            public void body(BodyDescriptor description, InputStream in) throws java.io.IOException {
                leaves.add(new String(in.readAllBytes(), ISO_8859_1));
            }
        });
        parser.parse(new ByteArrayInputStream(mail.getBytes(ISO_8859_1)));
        return leaves;
    }
}
