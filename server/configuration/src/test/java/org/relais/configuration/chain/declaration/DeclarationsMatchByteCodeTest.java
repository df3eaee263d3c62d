package org.relais.configuration.chain.declaration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What we say of James's mailets and matchers is what their byte code does. */
class DeclarationsMatchByteCodeTest {
    /** Read by the code of a mailet, and not declared with it: why. */
    private static final Map<String, Set<String>> READ_AND_NOT_DECLARED = Map.of(
            // Declared for every mailet.
            "LocalDelivery", Set.of("onMailetException"));

    /** Declared, and not read by the code of the mailet: why. */
    private static final Map<String, Set<String>> DECLARED_AND_NOT_READ = Map.of(
            // James's documentation names it, stock chains have it, James 3.8.1 ignores it, and RelayDelivery reads it.
            "RemoteDelivery", Set.of("deliveryThreads"));

    /** End mail in some cases only, which no parameter decides. */
    private static final Set<String> END_SOMETIMES = Set.of("RecipientRewriteTable");

    private static final DeclarationCatalog CATALOG = DeclarationCatalog.shipped();

    static Stream<MailetDeclaration> mailets() {
        return CATALOG.mailets().stream();
    }

    static Stream<MatcherDeclaration> matchers() {
        return CATALOG.matchers().stream();
    }

    @ParameterizedTest
    @MethodSource("mailets")
    void declaresTheParametersThatTheByteCodeReads(MailetDeclaration mailet) {
        var byteCode = new ByteCode(mailet.className());
        var read = new TreeSet<>(byteCode.parameterNames());
        var allowed = byteCode.stringsOf("CONFIGURABLE_PARAMETERS");
        if (!allowed.isEmpty()) {
            // James's mailet refuses to start with any other parameter, whatever its helpers read.
            read.retainAll(allowed);
            read.addAll(allowed);
        }
        read.removeAll(READ_AND_NOT_DECLARED.getOrDefault(mailet.name(), Set.of()));

        var declared = mailet.parameters().stream()
                .map(ParameterDeclaration::name)
                .collect(Collectors.toCollection(TreeSet::new));
        declared.removeAll(DECLARED_AND_NOT_READ.getOrDefault(mailet.name(), Set.of()));

        assertThat(declared).isEqualTo(read);
    }

    @ParameterizedTest
    @MethodSource("mailets")
    void acceptsEveryNameOnlyWhereTheByteCodeListsThem(MailetDeclaration mailet) {
        // RemoteDelivery's list is read by its configuration class, for mail.*.
        var lists = new ByteCode(mailet.className()).calls("getInitParameterNames")
                || mailet.name().equals("RemoteDelivery");

        assertThat(!mailet.prefixes().isEmpty()).isEqualTo(lists);
    }

    @ParameterizedTest
    @MethodSource("mailets")
    void knowsWhichMailetsEndMail(MailetDeclaration mailet) {
        var ghosts = new ByteCode(mailet.className()).ghosts() && !END_SOMETIMES.contains(mailet.name());

        if (ghosts) {
            assertThat(mailet.ending()).isNotInstanceOf(Ending.Never.class);
        }
    }

    @ParameterizedTest
    @MethodSource("matchers")
    void declaresAConditionWhereTheByteCodeReadsOne(MatcherDeclaration matcher) {
        assertThat(matcher.condition().taken()).isEqualTo(new ByteCode(matcher.className()).calls("getCondition"));
    }

    @Test
    void namesEveryMailetAndMatcherOfJamessJars() throws IOException {
        var known = new TreeSet<String>();
        CATALOG.mailets().forEach(mailet -> known.add(mailet.className()));
        CATALOG.matchers().forEach(matcher -> known.add(matcher.className()));
        CATALOG.unsupported().forEach(component -> known.add(component.className()));

        var shipped = new TreeMap<String, ComponentKind>();
        for (String inJar : List.of(
                "org.apache.james.transport.mailets.Null",
                "org.apache.james.transport.mailets.LocalDelivery",
                "org.apache.james.jdkim.mailets.DKIMSign",
                "org.apache.james.mailetcontainer.impl.matchers.And")) {
            shipped.putAll(componentsBeside(inJar));
        }

        assertThat(shipped).hasSizeGreaterThan(100);
        assertThat(known).containsAll(shipped.keySet());
    }

    private static Map<String, ComponentKind> componentsBeside(String className) throws IOException {
        var loader = DeclarationsMatchByteCodeTest.class.getClassLoader();
        var url = loader.getResource(className.replace('.', '/') + ".class").getPath();
        var found = new TreeMap<String, ComponentKind>();
        try (var jar = new JarFile(url.substring("file:".length(), url.indexOf('!')));
                var classes = new ClassFiles(loader, Path.of("no-such-folder"))) {
            var names = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.contains("$"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
            for (String name : names) {
                for (ComponentKind kind : ComponentKind.values()) {
                    var facts = classes.find(name).orElseThrow();
                    if (facts.concrete() && isKind(classes, facts, kind)) {
                        found.put(name, kind);
                    }
                }
            }
        }
        // What inverts a matcher for notmatch is no matcher to write into a chain.
        found.remove("org.apache.mailet.base.MatcherInverter");
        return found;
    }

    private static boolean isKind(ClassFiles classes, ClassFacts facts, ComponentKind kind) {
        return Stream.concat(facts.interfaces().stream(), Stream.of(facts.superName()))
                .anyMatch(name -> name.equals(kind.internalInterface())
                        || classes.find(name)
                                .map(above -> isKind(classes, above, kind))
                                .orElse(false));
    }
}
