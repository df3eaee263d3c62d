package org.relais.configuration.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relais.configuration.Finding;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

class XmlReaderTest {
    private static final String SEED = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment -->
            <relais xmlns:a="urn:a">
              <hostname>mx.example.org</hostname>
              <listeners a='1"2'>
                <listener protocol="smtp"
                          port="25"/>
                <x>a &lt; b &#65; &amp; &#x20AC; <![CDATA[<raw> & ]]>é</x>
                <?pi some?>
              </listeners  >
            </relais>
            """;

    @TempDir
    Path folder;

    @Test
    void knowsTheLineWhereATagBeginsAndThatOfEachAttribute() throws Exception {
        var listener = read(SEED).root().children().get(1).children().get(0);

        assertThat(listener.line()).isEqualTo(6);
        assertThat(listener.endLine()).isEqualTo(7);
        assertThat(listener.attribute("protocol").orElseThrow().line()).isEqualTo(6);
        assertThat(listener.attribute("port").orElseThrow()).isEqualTo(new XmlAttribute("port", "25", 7));
    }

    @Test
    void resolvesReferencesAndSections() throws Exception {
        var text = read(SEED).root().children().get(1).children("x").findFirst().orElseThrow();

        assertThat(text.value()).isEqualTo("a < b A & € <raw> & é");
    }

    @Test
    void countsLinesOfEveryLineEnding() throws Exception {
        assertThat(read("<a>\r\n<b/>\r<c/>\n<d/></a>").root().children())
                .extracting(XmlElement::line)
                .containsExactly(2, 3, 4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<a>_<b>_</a>|3|</a> stands here, but <b> of line 2 is still open",
                "<a>_<b>|2|<b> begins here and is never closed",
                "<a b=1/>|1|no quoted value",
                "<a b=\"1\" b=\"2\"/>|1|given twice",
                "<a>_R & D</a>|2|a lone &",
                "<a>_&nbsp;</a>|2|names no character",
                "<a>_&#0;</a>|2|names no character",
                "<a>_<!-- x -- y --></a>|2|inside a comment",
                "<a><!-- x_</a>|1|never ends",
                "<!DOCTYPE a []><a/>|1|document type",
                "_<?xml version=\"1.0\"?><a/>|2|not at the very start",
                "<a/>_<b/>|2|second root",
                "<a/>_text|2|outside of the root",
                "<a>_\u0001</a>|2|U+0001",
                "<a_b=\"x<y\"/>|2|not closed before",
                "<a>_< b/></a>|2|a lone <",
                "<a_|1|is not ended",
                "_|2|no element",
                "</a>|1|closes nothing",
                "<a>]]></a>|1|]]&gt;",
            })
    void saysInPlainWordsWhatIsMalformedAndWhere(String xml, int line, String message) {
        var finding = refused(xml.replace('_', '\n').getBytes(StandardCharsets.UTF_8));

        assertThat(finding.line()).isEqualTo(line);
        assertThat(finding.toString())
                .contains("conf/x.xml:" + line + ": error: ")
                .contains(message);
    }

    @Test
    void namesTheLineThatIsNotUtf8() {
        var finding = refused("<a>\n\u00e9</a>".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(finding.line()).isEqualTo(2);
        assertThat(finding.message()).contains("not UTF-8");
    }

    @Test
    void readsTheEncodingThatIsDeclared() throws Exception {
        var octets = "<?xml version='1.0' encoding='ISO-8859-1'?><a>\u00e9</a>".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(XmlReader.read("conf/x.xml", octets).root().text()).isEqualTo("\u00e9");
    }

    @Test
    void isBoundedInSizeAndDepth() {
        assertThat(refused(new byte[XmlReader.MAX_SIZE + 1]).message()).contains("4 MiB");
        assertThat(refused("<a>".repeat(100_000).getBytes(StandardCharsets.UTF_8))
                        .message())
                .contains("64 levels");
    }

    @Test
    void tellsAFileThatIsMissingOrAFolder() throws Exception {
        var conf = Files.createDirectory(folder.resolve("conf"));

        var missing = catchThrowableOfType(XmlException.class, () -> XmlReader.read(conf.resolve("relais.xml")));
        var directory = catchThrowableOfType(XmlException.class, () -> XmlReader.read(conf));

        assertThat(missing.finding().toString()).startsWith("conf/relais.xml:1: error: the file does not exist");
        assertThat(directory.finding().message()).contains("cannot be read");
    }

    /** What we take, James's reader (the JDK's parser) has to take too, and read the same. */
    @Test
    void agreesWithTheParserOfTheJdkOnMutatedDocuments() throws Exception {
        long seed = Long.getLong("relais.seed", 20261123L);
        var random = new Random(seed);
        var alphabet = "<>/&;\"'= \n!-?]x1#";
        for (int round = 0; round < 8_000; round++) {
            var text = new StringBuilder(SEED);
            for (int edits = 1 + random.nextInt(2); edits > 0; edits--) {
                int at = random.nextInt(text.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, c);
                    case 1 -> text.setCharAt(at, c);
                    default -> text.deleteCharAt(at);
                }
            }
            var mutated = text.toString();
            if (mutated.startsWith("<?xml version=\"1.1\"")) {
                continue; // Deviation: XML 1.1 is refused.
            }
            String ours = ours(mutated);
            String theirs = theirs(mutated);
            assertThat(ours).as("seed %d round %d%n%s", seed, round, mutated).isEqualTo(theirs);
        }
    }

    private static String ours(String xml) {
        try {
            var out = new StringBuilder();
            print(read(xml).root(), out);
            return out.toString();
        } catch (XmlException e) {
            return "refused";
        }
    }

    private static void print(XmlElement element, StringBuilder out) {
        out.append('<').append(element.name());
        element.attributes().stream()
                .sorted(Comparator.comparing(XmlAttribute::name))
                .forEach(a -> out.append(' ').append(a.name()).append('=').append(a.value()));
        out.append('>').append(element.text());
        element.children().forEach(child -> print(child, out));
        out.append("</>");
    }

    private static String theirs(String xml) throws Exception {
        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        builder.setErrorHandler(new DefaultHandler());
        try {
            var out = new StringBuilder();
            print(
                    builder.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                            .getDocumentElement(),
                    out);
            return out.toString();
        } catch (SAXException | IOException e) {
            return "refused";
        }
    }

    private static void print(Element element, StringBuilder out) {
        out.append('<').append(element.getTagName());
        var attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            out.append(' ')
                    .append(attributes.item(i).getNodeName())
                    .append('=')
                    .append(attributes.item(i).getNodeValue());
        }
        out.append('>');
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeType() == Node.TEXT_NODE || node.getNodeType() == Node.CDATA_SECTION_NODE) {
                out.append(node.getNodeValue());
            }
        }
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                print(child, out);
            }
        }
        out.append("</>");
    }

    private static XmlDocument read(String xml) throws XmlException {
        return XmlReader.read("conf/x.xml", xml.getBytes(StandardCharsets.UTF_8));
    }

    private static Finding refused(byte[] octets) {
        return catchThrowableOfType(XmlException.class, () -> XmlReader.read("conf/x.xml", octets))
                .finding();
    }
}
