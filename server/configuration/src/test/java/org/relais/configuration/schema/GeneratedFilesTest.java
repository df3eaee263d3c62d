package org.relais.configuration.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

/** What is generated from the declarations and kept in the repository. {@code -Drelais.write=true} writes it anew. */
class GeneratedFilesTest {
    private static final Path REPOSITORY = Path.of("../..");

    record Generated(Path file, String text) {}

    static Stream<Generated> generated() {
        return Stream.of(
                new Generated(REPOSITORY.resolve("conf/relais.xml"), new CommentedFile().text()),
                new Generated(REPOSITORY.resolve("conf/relais.xsd"), XsdFile.text()),
                new Generated(REPOSITORY.resolve("docs/configuration.md"), Reference.markdown()));
    }

    @ParameterizedTest
    @MethodSource("generated")
    void isWhatTheDeclarationsSay(Generated generated) throws Exception {
        if (Boolean.getBoolean("relais.write")) {
            Files.createDirectories(generated.file().getParent());
            Files.writeString(generated.file(), generated.text());
        }

        assertThat(generated.file())
                .as("write it anew: mvn test -pl server/configuration -Dtest=GeneratedFilesTest -Drelais.write=true")
                .hasContent(generated.text());
    }

    @Test
    void theSchemaTakesTheShippedFileAndEveryGoodOne() throws Exception {
        var schema = schema();

        for (var file : files("src/test/resources/good")) {
            schema.newValidator().validate(new StreamSource(file.toFile()));
        }
        schema.newValidator().validate(new StreamSource(new StringReader(new CommentedFile().text())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<relais><hostnmae>x</hostnmae></relais>",
                "<relais><hostname>a b</hostname></relais>",
                "<relais><listeners/></relais>",
                "<relais><listeners><listener protocol='smpt'/></listeners></relais>",
                "<relais><listeners><listener protocol='smtp' port='70000'/></listeners></relais>",
                "<relais><limits><recipients>many</recipients></limits></relais>",
                "<relais><limits><drainTimeout>soon</drainTimeout></limits></relais>",
            })
    void theSchemaRefusesWhatAnEditorShallMark(String xml) throws Exception {
        var validator = schema().newValidator();

        assertThat(catchThrowable(() -> validator.validate(new StreamSource(new StringReader(xml)))))
                .isInstanceOf(SAXException.class);
    }

    @Test
    void theReferenceNamesEverySettingInTextAndJson() {
        var names = Reference.rows().stream().map(Reference.Row::path).toList();

        assertThat(names)
                .contains("hostname", "listeners/listener/@port", "dns/server", "limits/messageSize", "log/level")
                .doesNotHaveDuplicates();
        for (var name : names) {
            assertThat(Reference.text()).contains(name + "\n");
            assertThat(Reference.json()).contains("{\"name\": \"" + name + "\"");
        }
    }

    private static Schema schema() throws SAXException {
        return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(new StreamSource(new StringReader(XsdFile.text())));
    }

    private static List<Path> files(String folder) throws Exception {
        try (var files = Files.list(Path.of(folder))) {
            return files.sorted().toList();
        }
    }
}
