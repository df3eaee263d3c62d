package org.relais.configuration.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.relais.configuration.Finding;
import org.relais.configuration.Severity;
import org.relais.configuration.chain.declaration.DeclarationCatalog;

/**
 * The chains under {@code chain/}. A comment {@code <!-- error: part of the finding -->} says what is expected on its
 * line, {@code <!-- error@5: … -->} on another; nothing else may be found.
 */
class ChainCheckTest {
    private static final Path CHAINS = Path.of("src/test/resources/chain");
    private static final Pattern EXPECTED = Pattern.compile("<!-- (error|notice)(?:@(\\d+))?: (.*?) -->");

    /** A class of the chain that is loaded, not just read, fails the test. */
    private static final ClassLoader LOADS_NOTHING = new ClassLoader(ChainCheckTest.class.getClassLoader()) {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) {
            throw new AssertionError("loads " + name);
        }
    };

    private final ChainCheck check = new ChainCheck(DeclarationCatalog.shipped(), LOADS_NOTHING);

    @TempDir
    private Path home;

    record Expected(Severity severity, int line, String fragment) {
        boolean isMetBy(Finding finding) {
            return finding.severity() == severity
                    && finding.line() == line
                    && finding.toString().contains(fragment);
        }
    }

    static List<Path> chains() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("broken", "good")) {
            try (Stream<Path> found = Files.list(CHAINS.resolve(folder))) {
                found.sorted().forEach(files::add);
            }
        }
        return files;
    }

    @ParameterizedTest
    @MethodSource("chains")
    void findsWhatIsExpectedAndNothingElse(Path chain) throws IOException {
        var expected = expected(chain);

        var findings = check.check(conf(Files.readString(chain)));

        assertThat(findings).allSatisfy(finding -> assertThat(finding.file()).isEqualTo("conf/mailetcontainer.xml"));
        assertThat(findings)
                .as("each finding is expected")
                .allMatch(finding -> expected.stream().anyMatch(one -> one.isMetBy(finding)));
        assertThat(expected)
                .as("each expectation is met by %s", findings)
                .allMatch(one -> findings.stream().anyMatch(one::isMetBy));
        assertThat(findings).hasSameSizeAs(expected);
    }

    @ParameterizedTest
    @MethodSource("chains")
    void onlyBrokenChainsHoldErrors(Path chain) throws IOException {
        var isBroken = chain.getParent().endsWith("broken");

        var findings = check.check(conf(Files.readString(chain)));

        assertThat(findings.stream().anyMatch(Finding::isError)).isEqualTo(isBroken);
    }

    @Test
    void tellsOfAMissingFile() throws IOException {
        var conf = Files.createDirectories(home.resolve("conf"));

        assertThat(check.check(conf))
                .singleElement()
                .asString()
                .startsWith("conf/mailetcontainer.xml:1: error: the file does not exist");
    }

    @Test
    void tellsOfAFileThatAMatcherNeeds() throws IOException {
        var patterns =
                Files.writeString(Files.createDirectories(home.resolve("conf")).resolve("patterns"), "Subject:x");
        var chain = """
                <mailetcontainer><processors>
                <processor state="root">
                <mailet match="FileRegexMatcher=%s" class="Null"/>
                <mailet match="FileRegexMatcher=%s-not-there" class="Null"/>
                <mailet class="Null"/></processor>
                <processor state="error"><mailet class="Null"/></processor>
                </processors></mailetcontainer>
                """.formatted(patterns, patterns);

        assertThat(check.check(conf(chain)))
                .singleElement()
                .satisfies(finding -> assertThat(finding.line()).isEqualTo(4))
                .asString()
                .contains("no such file that can be read");
    }

    private Path conf(String chain) throws IOException {
        var conf = Files.createDirectories(home.resolve("conf"));
        Files.writeString(conf.resolve(ChainCheck.FILE), chain);
        return conf;
    }

    private static List<Expected> expected(Path chain) throws IOException {
        List<Expected> expected = new ArrayList<>();
        var lines = Files.readAllLines(chain);
        for (int i = 0; i < lines.size(); i++) {
            var found = EXPECTED.matcher(lines.get(i));
            while (found.find()) {
                var line = found.group(2) == null ? i + 1 : Integer.parseInt(found.group(2));
                expected.add(new Expected(
                        found.group(1).equals("error") ? Severity.ERROR : Severity.NOTICE, line, found.group(3)));
            }
        }
        return expected;
    }
}
