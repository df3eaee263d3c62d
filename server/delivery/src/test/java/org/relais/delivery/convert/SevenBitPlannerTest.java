package org.relais.delivery.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relais.delivery.convert.Converting.converted;
import static org.relais.delivery.convert.Converting.refusal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6152 §3, RFC 2045 §6, RFC 2046 §5.1, RFC 1428, RFC 1847 §2. */
class SevenBitPlannerTest {
    private static final String MIME = "MIME-Version: 1.0\r\n";
    private static final String UTF_8 = "Content-Type: text/plain; charset=utf-8\r\n";
    private static final String EIGHT_BIT = "Content-Transfer-Encoding: 8bit\r\n";

    @Test
    void whatIs7BitStaysOctetForOctet() {
        String mail = MIME + UTF_8 + "Subject: x\r\n\r\ntext =\r\n.\r\n--x\r\n";

        assertThat(converted(mail)).isEqualTo(mail);
    }

    @Test
    void textBecomesQuotedPrintableAndItsFieldSaysSo() {
        assertThat(converted(MIME + EIGHT_BIT + UTF_8 + "\r\n1 = \u00c3\u00a9 \r\nend\r\n"))
                .isEqualTo(MIME + "Content-Transfer-Encoding: quoted-printable\r\n" + UTF_8
                        + "\r\n1 =3D =C3=A9=20\r\nend\r\n");
    }

    @Test
    void aFoldedFieldWithACommentIsReplacedAsAWhole() {
        assertThat(converted(
                        MIME + "content-transfer-encoding :\r\n (eight) 8BIT\r\n\t(bits)\r\n" + UTF_8 + "\r\n\u00e9"))
                .isEqualTo(MIME + "Content-Transfer-Encoding: quoted-printable\r\n" + UTF_8 + "\r\n=E9");
    }

    @Test
    void whatIsNoTextBecomesBase64() {
        assertThat(converted(
                        MIME + "Content-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\n\r\na\0\r\n\n"))
                .isEqualTo(MIME + "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                        + "YQANCgo=\r\n");
    }

    @Test
    void aMailWithoutMimeGetsIt() {
        assertThat(converted("Subject: x\r\n\r\n\u00e9\r\n"))
                .isEqualTo("Subject: x\r\nContent-Type: text/plain; charset=unknown-8bit\r\n"
                        + "Content-Transfer-Encoding: quoted-printable\r\nMIME-Version: 1.0\r\n\r\n=E9\r\n");
        assertThat(converted("\r\na\nb")).contains("charset=us-ascii").endsWith("\r\n\r\na=0Ab");
    }

    @Test
    void partsAreConvertedEachForItselfAndTheMultipartIsThen7Bit() {
        String head = "Content-Type: multipart/mixed;\r\n boundary=\"a b\"\r\n";

        assertThat(converted(MIME + EIGHT_BIT + head + "\r\npreamble\r\n--a b\r\n\r\nplain\r\n--a b \t\r\n" + UTF_8
                        + EIGHT_BIT
                        + "\r\n\u00e9\r\n--a b\r\nContent-Type: image/png\r\n\r\n\u00ff\r\n\r\n--a b--\r\nend\r\n"))
                .isEqualTo(MIME + "Content-Transfer-Encoding: 7bit\r\n" + head
                        + "\r\npreamble\r\n--a b\r\n\r\nplain\r\n--a b \t\r\n" + UTF_8
                        + "Content-Transfer-Encoding: quoted-printable\r\n\r\n=E9\r\n--a b\r\nContent-Type: image/png\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\n/w0K\r\n--a b--\r\nend\r\n");
    }

    @Test
    void aPartThatSays8BitAndIsNotSays7Bit() {
        String mail = MIME + multipart("b") + "--b\r\n" + EIGHT_BIT + "\r\nx\r\n--b\r\n\r\n\u00e9\r\n--b--\r\n";

        assertThat(converted(mail)).contains("--b\r\nContent-Transfer-Encoding: 7bit\r\n\r\nx\r\n--b\r\n");
    }

    @Test
    void aMessageInAMessageIsWalkedInto() {
        String outer = MIME + multipart("b") + "--b\r\nContent-Type: message/rfc822\r\n";

        assertThat(converted(outer + EIGHT_BIT + "\r\nSubject: y\r\n\r\n\u00e9\r\n--b--\r\n"))
                .isEqualTo(outer + "Content-Transfer-Encoding: 7bit\r\n\r\nSubject: y\r\n"
                        + "Content-Type: text/plain; charset=unknown-8bit\r\n"
                        + "Content-Transfer-Encoding: quoted-printable\r\nMIME-Version: 1.0\r\n\r\n=E9\r\n--b--\r\n");
    }

    @Test
    void aPartOfADigestIsAMessage() {
        String head = MIME + "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n";

        assertThat(converted(head + MIME + UTF_8 + "\r\n\u00e9\r\n--b--\r\n"))
                .isEqualTo(head + MIME + UTF_8 + "Content-Transfer-Encoding: quoted-printable\r\n\r\n=E9\r\n--b--\r\n");
    }

    @Test
    void anInternationalMessageBecomesBase64AsAWhole() {
        assertThat(converted(MIME + "Content-Type: message/global\r\n\r\nSubject: \u00c3\u00a9\r\n"))
                .endsWith("Content-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogw6kNCg==\r\n");
    }

    @Test
    void aLongLineIsEncodedOnItsWayAnd998OctetsAreNotLong() {
        assertThat(converted(MIME + "\r\n" + "x".repeat(999)).lines()).allMatch(line -> line.length() <= 76);
        assertThat(converted(MIME + "\r\n" + "x".repeat(998) + "\r\n")).endsWith("\r\n" + "x".repeat(998) + "\r\n");
    }

    @Test
    void aDelimiterOfAnOuterMultipartEndsTheInnerOne() {
        String mail = MIME + multipart("out") + "--out\r\n" + multipart("in") + "--in\r\n\r\n\u00e9\r\n--out\r\n\r\n"
                + "--in\r\n\u00e8\r\n--out--\r\n";

        assertThat(converted(mail)).contains("\r\n\r\n=E9\r\n--out\r\n").contains("=2D-in\r\n=E8\r\n--out--\r\n");
    }

    @Test
    void noSoftLineBreakMakesADelimiterOrADot() {
        String text = "\u00e9" + "x".repeat(72) + "--b\r\n" + "x".repeat(75) + ".\r\n--bb\r\n.\r\n";

        assertThat(converted(MIME + multipart("b") + "--b\r\n\r\n" + text + "--b--\r\n"))
                .contains("=E9" + "x".repeat(72) + "=\r\n=2D-b\r\n" + "x".repeat(75)
                        + "=\r\n=2E\r\n=2D-bb\r\n=2E\r\n--b--");
    }

    @Test
    void whatIsSignedOrEncryptedStaysAndIsRefusedIfItIsNot7Bit() {
        String signed = MIME + multipart("b") + "--b\r\n"
                + "Content-Type: multipart/signed; protocol=\"x/y\"; boundary=s\r\n\r\n--s\r\n" + EIGHT_BIT
                + "\r\n%s\r\n--s--\r\n--b\r\n\r\n\u00e9\r\n--b--\r\n";

        assertThat(converted(signed.formatted("plain"))).contains("--s\r\n" + EIGHT_BIT + "\r\nplain\r\n--s--");
        assertThat(refusal(signed.formatted("\u00e9"))).contains("multipart/signed", "RFC 1847");
        assertThat(refusal(signed.replace("signed", "encrypted").formatted("\0")))
                .contains("multipart/encrypted");
    }

    @Test
    void fieldsAreNeverEncoded() {
        assertThat(refusal("Subject: \u00e9\r\n\r\nx\r\n")).contains("SMTPUTF8");
        assertThat(refusal("Subject: x\rTo: y\r\n\r\nx\r\n")).contains("fields");
        assertThat(refusal(MIME + multipart("b")
                        + "--b\r\nContent-Disposition: attachment; filename=\"\u00e9\"\r\n\r\nx\r\n--b--\r\n"))
                .contains("fields");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/plain\r\nContent-Type: text/html\r\n",
                "Content-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: base64\r\n",
                "Content-Transfer-Encoding: base64\r\n",
                "Content-Transfer-Encoding: quoted-printable\r\n",
                "Content-Transfer-Encoding: x-uuencode\r\n",
                "Content-Transfer-Encoding: 8 bit\r\n",
                "Content-Type: text\r\n",
                "Content-Type: (text/plain\r\n",
                "Content-Type: multipart/mixed\r\n",
                "Content-Type: multipart/mixed boundary=b\r\n",
                "Content-Type: multipart/mixed; boundary=\"b\r\n",
                "Content-Type: multipart/mixed; boundary*0=b\r\n",
                "Content-Type: multipart/mixed; boundary=b; boundary=c\r\n",
                "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n",
                "Content-Type: multipart/mixed; boundary=b\r\n",
                "Content-Type: message/partial; id=x; number=1\r\n",
                "Content-Type: message/delivery-status\r\n",
                "From nobody\r\n",
                " folded\r\n",
                "A field: x\r\n"
            })
    void whatReadersMayUnderstandDifferentlyIsRefused(String fields) {
        assertThat(refusal(fields + "\r\n\u00e9\r\n")).isNotBlank();
    }

    @Test
    void textAroundPartsHasNoEncoding() {
        assertThat(refusal(MIME + multipart("b") + "--b\r\n\r\nx\r\n--b--\r\n\u00e9"))
                .contains("around");
    }

    @Test
    void depthAndPartsAreBounded() {
        assertThat(converted(nested(15) + "\u00e9")).endsWith("=E9");
        assertThat(refusal(nested(16) + "\u00e9")).contains("deep");
        assertThat(refusal(nested(5000) + "\u00e9")).contains("deep");
        assertThat(refusal(MIME + multipart("b") + "--b\r\n\r\n\u00e9\r\n".repeat(6000)))
                .contains("too many parts");
    }

    private static String nested(int times) {
        StringBuilder mail = new StringBuilder();
        for (int i = 0; i < times; i++) {
            mail.append(multipart("b" + i)).append("--b").append(i).append("\r\nContent-Type: message/rfc822\r\n\r\n");
        }
        return mail.append(MIME).append(UTF_8).append("\r\n").toString();
    }

    private static String multipart(String boundary) {
        return "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n";
    }
}
