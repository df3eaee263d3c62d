package org.relais.distribution.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.relais.configuration.chain.ChainCheck;
import org.relais.configuration.chain.declaration.Components;
import org.relais.configuration.chain.declaration.DeclarationCatalog;
import org.relais.configuration.chain.declaration.MailetDeclaration;
import org.relais.configuration.chain.declaration.ParameterDeclaration;
import org.relais.configuration.chain.declaration.Resolution;
import org.relais.configuration.chain.declaration.Standing;
import org.relais.extension.Parameter;

/** What the check of chains says of the chain and the mailets that are shipped. */
class ShippedChainTest {
    private static final ClassLoader CLASS_PATH = ShippedChainTest.class.getClassLoader();
    private static final DeclarationCatalog CATALOG = DeclarationCatalog.shipped();

    static List<MailetDeclaration> namesThatOursStandFor() {
        return CATALOG.mailets().stream()
                .filter(mailet -> !mailet.standsIn().isEmpty())
                .toList();
    }

    @Test
    void theShippedChainLeavesNothingToSay() {
        assertThat(new ChainCheck(CATALOG, CLASS_PATH).check(Path.of("../conf")))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("namesThatOursStandFor")
    void ourMailetReadsWhatTheStockNameIsSaidToRead(MailetDeclaration stock) throws ClassNotFoundException {
        Set<String> said = stock.parameters().stream()
                .filter(parameter -> parameter.standing() == Standing.READ)
                .map(ParameterDeclaration::name)
                .collect(Collectors.toSet());
        Set<String> known =
                stock.parameters().stream().map(ParameterDeclaration::name).collect(Collectors.toSet());

        Set<String> declared = Arrays.stream(
                        CLASS_PATH.loadClass(stock.standsIn()).getAnnotationsByType(Parameter.class))
                .map(Parameter::name)
                .collect(Collectors.toSet());

        assertThat(declared).containsAll(said);
        assertThat(known).containsAll(declared);
    }

    @Test
    void ourMailetsAndMatchersAreFoundByTheirShortNames() throws IOException {
        try (Components components = new Components(CATALOG, CLASS_PATH, Path.of("no-extensions"))) {
            assertThat(components.mailet("RelayDelivery")).isInstanceOf(Resolution.Found.class);
            assertThat(components.mailet("MailboxDelivery")).isInstanceOf(Resolution.Found.class);
            assertThat(components.matcher("RelayPermitted")).isInstanceOf(Resolution.Found.class);
            assertThat(components.ownMailets()).allMatch(MailetDeclaration::declared);
        }
    }
}
