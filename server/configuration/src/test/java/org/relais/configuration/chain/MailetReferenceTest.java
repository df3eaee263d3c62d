package org.relais.configuration.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.relais.configuration.chain.declaration.DeclarationCatalog;

/** {@code docs/mailets.md} is generated; {@code -Drelais.write=true} writes it anew. */
class MailetReferenceTest {
    private static final Path PAGE = Path.of("../../docs/mailets.md");

    private final DeclarationCatalog catalog = DeclarationCatalog.shipped();

    @Test
    void thePageIsWhatTheDeclarationsSay() throws Exception {
        var page = MailetReference.markdown(catalog);

        if (Boolean.getBoolean("relais.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE)
                .as("write it anew: mvn test -pl server/configuration -Dtest=MailetReferenceTest -Drelais.write=true")
                .hasContent(page);
    }

    @Test
    void theRowsNameEveryParameterAndCondition() {
        var rows = MailetReference.rows(catalog, List.of(), List.of());

        assertThat(rows)
                .extracting(MailetReference.Row::path)
                .doesNotHaveDuplicates()
                .contains(
                        "mailet/RemoteDelivery/gateway", "mailet/debug.Identity", "matcher/And", "matcher/RecipientIs");
        assertThat(rows).allSatisfy(row -> assertThat(row.documentation()).isNotBlank());
    }
}
