package org.relais.spool.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderFieldsTest {
    private static final String BODY = "\u00e9 body\r\n\r\nmore";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject: caf\u00e9\r\nX:no space\r\nX-Folded: one\r\n \r\n\ttwo  \r\nsubject :  twice\r\n\r\n",
                "Bare: line\nEnds: here\n folded\n\n",
                "\r\n",
                "\n",
                "no colon at all\r\nFrom: a@example.org\r\n\r\n",
                " begins folded\r\nTo: b\r\n\r\n",
                "Lone: cr \r in it\r\n\r\n",
                "\r\r\nStrange: but so\r\n\r\n"
            })
    void writesWhatItReadOctetForOctet(String header) throws IOException {
        HeaderFields fields = read(header + BODY);

        assertThat(fields.length()).isEqualTo(header.length());
        assertThat(new String(fields.octets(), ISO_8859_1)).isEqualTo(header);
        assertThat(fields.isEdited()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Subject: no body", "Subject: no body\r\n", "A: b\r\nC: d\r\n e"})
    void readsAHeaderThatNoEmptyLineEnds(String message) throws IOException {
        HeaderFields fields = read(message);

        assertThat(fields.length()).isEqualTo(message.length());
        assertThat(new String(fields.octets(), ISO_8859_1)).isEqualTo(message);
        assertThat(fields.separator()).isEmpty();
    }

    @Test
    void putsAddedFieldsOnTopTheNewestFirst() throws IOException {
        HeaderFields fields = read("Received: old\r\n\r\n");

        fields.add("Received", "new");
        fields.add("Received", "newest");

        assertThat(fields.prefix()).isEqualTo("Received: newest\r\nReceived: new\r\n");
        assertThat(fields.named("received")).extracting(RawField::value).containsExactly("newest", "new", "old");
        assertThat(fields.isEdited()).isFalse();
    }

    @Test
    void setsAFieldInItsPlaceAndRemovesItsNamesakes() throws IOException {
        HeaderFields fields = read("a:1\r\nB : 2\n\tfolded\nc: 3\r\nb: 4\r\n\r\n");

        fields.set("b", "new");

        assertThat(new String(fields.octets(), ISO_8859_1)).isEqualTo("a:1\r\nB : new\nc: 3\r\n\r\n");
        assertThat(fields.isEdited()).isTrue();
        assertThat(fields.prefix()).isEmpty();
    }

    @Test
    void setsAddedFieldsWithoutTouchingTheOthers() throws IOException {
        HeaderFields fields = read("a: 1\r\n\r\n");

        fields.set("X-Score", "1");
        fields.set("x-score", "2");
        fields.set("X-Other", "3");
        fields.remove("X-Other");

        assertThat(fields.prefix()).isEqualTo("X-Score: 2\r\n");
        assertThat(fields.isEdited()).isFalse();
    }

    @Test
    void isNotEditedWhenItIsTakenApartAndPutTogetherBelowAnotherField() throws IOException {
        String header = "A:1\r\nB : 2\r\n\tfolded\r\na: 3\r\n\r\n";
        HeaderFields fields = read(header);
        fields.add("Received", "by us");
        var lines = fields.fields().stream().map(RawField::line).toList();

        fields.fields().forEach(field -> fields.remove(field.name()));
        fields.addLine("DKIM-Signature: v=1");
        lines.forEach(fields::addLine);

        assertThat(fields.isEdited()).isFalse();
        assertThat(fields.prefix()).isEqualTo("DKIM-Signature: v=1\r\nReceived: by us\r\n");
        assertThat(new String(fields.octets(), ISO_8859_1)).isEqualTo(fields.prefix() + header);
    }

    @Test
    void linesThatAreNoFieldsStayInTheirPlaceWhenTheOthersAreTakenApartAndPutTogether() throws IOException {
        String header = "A:1\r\nno field at all\r\nB : 2\r\n: nor this\r\na: 3\r\n\r\n";
        HeaderFields fields = read(header);
        var seen = fields.fields().stream().filter(RawField::isField).toList();

        seen.forEach(field -> fields.remove(field.name()));
        fields.addLine("DKIM-Signature: v=1");
        seen.forEach(field -> fields.addLine(field.line()));

        assertThat(fields.isEdited()).isFalse();
        assertThat(fields.prefix()).isEqualTo("DKIM-Signature: v=1\r\n");
        assertThat(new String(fields.octets(), ISO_8859_1)).isEqualTo(fields.prefix() + header);

        fields.remove("b");

        assertThat(new String(fields.octets(), ISO_8859_1))
                .isEqualTo("DKIM-Signature: v=1\r\n" + header.replace("B : 2\r\n", ""));
    }

    @Test
    void addsALineAtTheEnd() throws IOException {
        HeaderFields fields = read("a: 1");

        fields.addLine("b: 2");
        fields.addLine("\tmore");

        assertThat(new String(fields.octets(), ISO_8859_1)).isEqualTo("a: 1\r\nb: 2\r\n\tmore\r\n");
    }

    @Test
    void writesCharactersThatAreNoOctetsInUtf8() throws IOException {
        HeaderFields fields = read("\r\n");

        fields.add("Subject", "\u20ac");

        assertThat(fields.octets())
                .isEqualTo("Subject: \u20ac\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void takesWhatExceedsItsBoundAsBody() throws IOException {
        String field = "X-Long: " + "x".repeat(990) + "\r\n";
        String header = field.repeat(2000) + "\r\n";

        HeaderFields fields = read(header + BODY);

        assertThat(fields.length()).isLessThanOrEqualTo(HeaderFields.MOST_BYTES);
        assertThat(fields.length() % field.length()).isZero();
        assertThat(new String(fields.octets(), ISO_8859_1)).isEqualTo(header.substring(0, fields.length()));
    }

    @Test
    void takesALineThatNeverEndsAsBody() throws IOException {
        assertThat(read("x".repeat(3 * HeaderFields.MOST_BYTES)).length()).isZero();
    }

    private static HeaderFields read(String message) throws IOException {
        return HeaderFields.read(new ByteArrayInputStream(message.getBytes(ISO_8859_1)));
    }
}
