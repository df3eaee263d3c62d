package org.relais.distribution;

import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.inject.Guice;
import com.google.inject.Injector;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.relais.chain.extension.ExtensionLoader;
import org.relais.configuration.chain.declaration.DeclarationCatalog;
import org.relais.configuration.chain.declaration.MailetDeclaration;
import org.relais.configuration.chain.declaration.MatcherDeclaration;
import org.relais.configuration.check.ConfigurationCheck;
import org.relais.configuration.home.Home;
import org.relais.configuration.home.HomeCreator;
import org.relais.configuration.home.HomeOptions;
import org.relais.configuration.settings.RelaisSettings;
import org.relais.distribution.spool.OpenSpool;
import org.relais.distribution.spool.SpoolMapping;

class SupportedMailetsTest {
    @TempDir
    private static Path folder;

    private static OpenSpool spool;
    private static Injector injector;

    @BeforeAll
    static void assemble() throws Exception {
        Home home = new HomeCreator(Clock.systemUTC(), new SecureRandom())
                .create(folder.resolve("home"), HomeOptions.standard());
        RelaisSettings settings = new ConfigurationCheck(Clock.systemUTC(), List.of())
                .check(home)
                .settings()
                .orElseThrow();
        ExtensionLoader extensions = ExtensionLoader.of(home.extensions(), SupportedMailetsTest.class.getClassLoader());
        spool = OpenSpool.of(SpoolMapping.of(home, settings.spool()), Clock.systemUTC());
        injector = Guice.createInjector(RelaisServer.modules(home, settings, extensions, spool));
    }

    @AfterAll
    static void close() throws Exception {
        spool.close();
    }

    static Stream<String> classes() {
        DeclarationCatalog catalog = DeclarationCatalog.shipped();
        return Stream.concat(
                catalog.mailets().stream().map(MailetDeclaration::className),
                catalog.matchers().stream().map(MatcherDeclaration::className));
    }

    @ParameterizedTest
    @MethodSource("classes")
    void whatIsSaidToBeSupportedCanBeMade(String className) {
        assertThatCode(() -> injector.getInstance(Class.forName(className))).doesNotThrowAnyException();
    }
}
