package org.relais.configuration.chain.declaration;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * James's mailets and matchers that Relais supports, with their parameters, and those it does not, with the reason.
 *
 * <p>Read from three text files of ours; no class of James's is touched. Looked up by the name that stands in a chain,
 * which is a class name with or without James's package. Immutable; for any thread.
 */
public final class DeclarationCatalog {
    private static final List<String> RESOURCES = List.of("mailets.txt", "matchers.txt", "unsupported.txt");

    private final Declarations declarations;
    private final Map<String, MailetDeclaration> mailetsByClass;
    private final Map<String, MatcherDeclaration> matchersByClass;

    private DeclarationCatalog(Declarations declarations) {
        this.declarations = declarations;
        this.mailetsByClass = byClass(declarations.mailets(), MailetDeclaration::className);
        this.matchersByClass = byClass(declarations.matchers(), MatcherDeclaration::className);
    }

    /** What this version of Relais supports. */
    public static DeclarationCatalog shipped() {
        Declarations.Builder builder = new Declarations.Builder();
        for (String resource : RESOURCES) {
            new DeclarationReader(resource, builder).read(lines(resource));
        }
        return new DeclarationCatalog(builder.build());
    }

    public List<MailetDeclaration> mailets() {
        return declarations.mailets();
    }

    public List<MatcherDeclaration> matchers() {
        return declarations.matchers();
    }

    public List<Unsupported> unsupported() {
        return declarations.unsupported();
    }

    /** The supported mailet that a chain calls so. */
    public Optional<MailetDeclaration> mailet(String nameInChain) {
        return first(mailetsByClass, ComponentKind.MAILET.classNames(nameInChain));
    }

    /** The stock mailet under whose name a class of Relais's runs. */
    Optional<MailetDeclaration> stoodInBy(String className) {
        return mailets().stream()
                .filter(mailet -> mailet.standsIn().equals(className))
                .findFirst();
    }

    /** The supported matcher that a chain calls so. */
    public Optional<MatcherDeclaration> matcher(String nameInChain) {
        return first(matchersByClass, ComponentKind.MATCHER.classNames(nameInChain));
    }

    /** The unsupported mailet or matcher that a chain calls so, be it without its package. */
    public Optional<Unsupported> unsupported(ComponentKind kind, String nameInChain) {
        return declarations.unsupported().stream()
                .filter(component -> component.kind() == kind)
                .filter(component -> kind.classNames(nameInChain).contains(component.className())
                        || component.className().endsWith("." + nameInChain))
                .findFirst();
    }

    /** The names that one writes into a chain. */
    List<String> names(ComponentKind kind) {
        return kind == ComponentKind.MAILET
                ? mailets().stream().map(MailetDeclaration::name).toList()
                : matchers().stream().map(MatcherDeclaration::name).toList();
    }

    private static <T> Optional<T> first(Map<String, T> byClass, List<String> classNames) {
        return classNames.stream()
                .filter(byClass::containsKey)
                .map(byClass::get)
                .findFirst();
    }

    private static <T> Map<String, T> byClass(List<T> declarations, Function<T, String> className) {
        return declarations.stream()
                .collect(Collectors.toMap(
                        className,
                        Function.identity(),
                        (one, other) -> {
                            throw new IllegalStateException("declared twice: " + className.apply(one));
                        },
                        LinkedHashMap::new));
    }

    private static List<String> lines(String resource) {
        try (InputStream in = DeclarationCatalog.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + resource + " is missing");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + resource + " cannot be read", e);
        }
    }
}
