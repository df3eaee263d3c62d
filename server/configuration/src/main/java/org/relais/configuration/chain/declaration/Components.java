package org.relais.configuration.chain.declaration;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.relais.configuration.Finding;
import org.relais.configuration.xml.NearestName;

/**
 * Finds what the names in a chain stand for: James's supported mailets and matchers in the catalog, Relais's own and
 * those of plug-ins by their class files.
 *
 * <p>A name is a class name; James's package may be left out, and so may any package for Relais's own and for plug-ins.
 * No class is loaded. One thread; close it.
 */
public final class Components implements Closeable {
    private final DeclarationCatalog catalog;
    private final ClassFiles classes;

    public Components(DeclarationCatalog catalog, ClassLoader classPath, Path extensions) {
        this.catalog = catalog;
        this.classes = new ClassFiles(classPath, extensions);
    }

    public Resolution<MailetDeclaration> mailet(String name) {
        return resolve(ComponentKind.MAILET, name, this::stock, this::mailet);
    }

    public Resolution<MatcherDeclaration> matcher(String name) {
        return resolve(ComponentKind.MATCHER, name, catalog::matcher, this::matcher);
    }

    /** Relais's own mailets, as they declare themselves. */
    public List<MailetDeclaration> ownMailets() {
        return own(ComponentKind.MAILET).map(this::mailet).toList();
    }

    /** Relais's own matchers, as they declare themselves. */
    public List<MatcherDeclaration> ownMatchers() {
        return own(ComponentKind.MATCHER).map(this::matcher).toList();
    }

    /** Whether a class of that name is there at all. */
    public boolean hasClass(String className) {
        return classes.find(className).isPresent();
    }

    /** What is wrong with the extension jars and the class files that were met. */
    public List<Finding> findings() {
        return classes.findings();
    }

    @Override
    public void close() throws IOException {
        classes.close();
    }

    private <D> Resolution<D> resolve(
            ComponentKind kind,
            String name,
            Function<String, Optional<D>> inCatalog,
            Function<ClassFacts, D> declaration) {
        Optional<D> supported = inCatalog.apply(name);
        if (supported.isPresent()) {
            return new Resolution.Found<>(supported.get());
        }
        Optional<Unsupported> unsupported = catalog.unsupported(kind, name);
        if (unsupported.isPresent() && !classes.isExtension(unsupported.get().className())) {
            return new Resolution.Rejected<>(
                    "the " + kind.word() + " " + name + " is not part of Relais",
                    unsupported.get().reason());
        }
        List<ClassFacts> candidates = candidates(kind, name);
        if (candidates.isEmpty()) {
            return unknown(kind, name);
        }
        if (candidates.size() > 1) {
            return new Resolution.Rejected<>(
                    kind.word() + " " + name + " may be any of " + String.join(", ", classNames(candidates)),
                    "write the class name in full");
        }
        ClassFacts facts = candidates.get(0);
        return problem(kind, facts)
                .<Resolution<D>>map(
                        problem -> new Resolution.Rejected<>(problem, "name a class that is a " + kind.word()))
                .orElseGet(() -> new Resolution.Found<>(declaration.apply(facts)));
    }

    /** As the loader looks: by full name, in James's package, then by simple name among ours and in plug-ins. */
    private List<ClassFacts> candidates(ComponentKind kind, String name) {
        Optional<ClassFacts> named = kind.classNames(name).stream()
                .flatMap(className -> classes.find(className).stream())
                .findFirst();
        if (named.isPresent() || name.contains(".")) {
            return named.stream().toList();
        }
        List<ClassFacts> own =
                own(kind).filter(facts -> facts.simpleName().equals(name)).toList();
        return own.isEmpty()
                ? classes.extensionClasses().stream()
                        .filter(className -> simple(className).equals(name))
                        .flatMap(className -> classes.find(className).stream())
                        .toList()
                : own;
    }

    private List<ClassFacts> named(String simpleName, List<String> classNames) {
        return classNames.stream()
                .filter(className -> simple(className).equals(simpleName))
                .flatMap(className -> classes.find(className).stream())
                .toList();
    }

    private Stream<ClassFacts> own(ComponentKind kind) {
        return concrete(kind, classes.classesBelow(kind.relaisPackage()));
    }

    private Stream<ClassFacts> plugIns(ComponentKind kind) {
        return concrete(kind, classes.extensionClasses());
    }

    private Stream<ClassFacts> concrete(ComponentKind kind, List<String> classNames) {
        return classNames.stream()
                .flatMap(className -> classes.find(className).stream())
                .filter(facts -> facts.concrete() && missingKind(kind, facts).isEmpty());
    }

    private Optional<String> problem(ComponentKind kind, ClassFacts facts) {
        if (facts.feature() > Runtime.version().feature()) {
            return Optional.of(facts.className() + " is compiled for Java " + facts.feature() + ", and Java "
                    + Runtime.version().feature() + " runs here");
        }
        if (!facts.concrete()) {
            return Optional.of(facts.className() + " is abstract and cannot run");
        }
        return missingKind(kind, facts);
    }

    /** Why the class is not of the kind; empty if it is. */
    private Optional<String> missingKind(ComponentKind kind, ClassFacts facts) {
        Set<String> seen = new HashSet<>();
        List<String> missing = new ArrayList<>();
        if (implementsKind(kind, facts, seen, missing)) {
            return Optional.empty();
        }
        return Optional.of(
                missing.isEmpty()
                        ? facts.className() + " is no " + kind.word()
                        : facts.className() + " stands on " + missing.get(0)
                                + ", which is neither on the class path nor in conf/extensions");
    }

    private boolean implementsKind(ComponentKind kind, ClassFacts facts, Set<String> seen, List<String> missing) {
        List<String> above = new ArrayList<>(facts.interfaces());
        if (!facts.superName().isEmpty()) {
            above.add(facts.superName());
        }
        if (above.contains(kind.internalInterface())) {
            return true;
        }
        for (String name : above) {
            if (name.equals("java/lang/Object") || !seen.add(name)) {
                continue;
            }
            Optional<ClassFacts> found = classes.find(name);
            if (found.isEmpty()) {
                missing.add(name.replace('/', '.'));
            } else if (implementsKind(kind, found.get(), seen, missing)) {
                return true;
            }
        }
        return false;
    }

    private <D> Resolution<D> unknown(ComponentKind kind, String name) {
        ComponentKind other = kind == ComponentKind.MAILET ? ComponentKind.MATCHER : ComponentKind.MAILET;
        if (catalog.names(other).contains(name)) {
            return new Resolution.Rejected<>(
                    name + " is a " + other.word() + ", not a " + kind.word(),
                    other == ComponentKind.MATCHER
                            ? "write it into match=\"…\", and a mailet into class=\"…\""
                            : "write it into class=\"…\", and a matcher into match=\"…\"");
        }
        List<String> names = new ArrayList<>(catalog.names(kind));
        own(kind).map(ClassFacts::simpleName).forEach(names::add);
        plugIns(kind).map(ClassFacts::simpleName).forEach(names::add);
        return new Resolution.Rejected<>(
                "unknown " + kind.word() + " " + name,
                nearest(name, names)
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("docs/mailets.md lists what there is; a plug-in's jar belongs into conf/extensions"));
    }

    /** The nearest name, in full; a class that is right but for its package comes first. */
    private static Optional<String> nearest(String name, List<String> names) {
        String simple = simple(name);
        return names.stream()
                .filter(candidate -> simple(candidate).equalsIgnoreCase(simple))
                .findFirst()
                .or(() -> NearestName.of(name, names))
                .or(() -> NearestName.of(
                                simple, names.stream().map(Components::simple).toList())
                        .flatMap(nearest -> names.stream()
                                .filter(candidate -> simple(candidate).equals(nearest))
                                .findFirst()));
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static List<String> classNames(List<ClassFacts> candidates) {
        return candidates.stream().map(ClassFacts::className).toList();
    }

    private Optional<MailetDeclaration> stock(String name) {
        return catalog.mailet(name)
                .map(stock -> classes.find(stock.standsIn())
                        .map(facts -> stock.with(annotated(facts)))
                        .orElse(stock));
    }

    private MailetDeclaration mailet(ClassFacts facts) {
        MailetDeclaration own = annotated(facts);
        return catalog.stoodInBy(facts.className()).map(stock -> stock.as(own)).orElse(own);
    }

    private static MailetDeclaration annotated(ClassFacts facts) {
        if (!facts.declared()) {
            return MailetDeclaration.undeclared(facts.className());
        }
        MailetDeclaration declaration = MailetDeclaration.annotated(
                shortName(ComponentKind.MAILET, facts),
                facts.className(),
                facts.documentation(),
                facts.parameters(),
                ending(facts));
        // One that documents itself and lists no parameters leaves its parameters open.
        return facts.parametersDeclared() ? declaration : declaration.acceptingAll();
    }

    private MatcherDeclaration matcher(ClassFacts facts) {
        if (!facts.declared()) {
            return MatcherDeclaration.undeclared(facts.className());
        }
        return new MatcherDeclaration(
                shortName(ComponentKind.MATCHER, facts),
                facts.className(),
                "",
                facts.documentation(),
                facts.condition(),
                false,
                false,
                true,
                true);
    }

    private static Ending ending(ClassFacts facts) {
        if (!facts.documented()) {
            return new Ending.Unknown();
        }
        return facts.endsProcessing() ? new Ending.Always() : new Ending.Never();
    }

    private static String shortName(ComponentKind kind, ClassFacts facts) {
        return facts.className().startsWith(kind.relaisPackage() + ".") ? facts.simpleName() : facts.className();
    }
}
