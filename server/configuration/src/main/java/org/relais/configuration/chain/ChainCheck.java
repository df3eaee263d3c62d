package org.relais.configuration.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.configuration.Finding;
import org.relais.configuration.FurtherCheck;
import org.relais.configuration.chain.Chain.Processor;
import org.relais.configuration.chain.Chain.Value;
import org.relais.configuration.chain.declaration.Components;
import org.relais.configuration.chain.declaration.DeclarationCatalog;
import org.relais.configuration.chain.declaration.ValueForm;
import org.relais.configuration.chain.declaration.ValueType;
import org.relais.configuration.xml.XmlDocument;
import org.relais.configuration.xml.XmlException;
import org.relais.configuration.xml.XmlReader;

/**
 * Checks {@code mailetcontainer.xml}: all errors in one go, in file order, without loading a class of the chain.
 *
 * <p>Malformed XML is told alone, since nothing behind it can be trusted. Class files are looked up one by one on the
 * class path and in {@code extensions/*.jar}; the class path is never listed, but for Relais's own packages when a name
 * is found nowhere else. Immutable; for any thread.
 */
public final class ChainCheck implements FurtherCheck {
    /** The file, in the folder {@code conf}. */
    public static final String FILE = "mailetcontainer.xml";
    /** The folder of plug-ins, in the folder {@code conf}. */
    public static final String EXTENSIONS = "extensions";

    private final DeclarationCatalog catalog;
    private final ClassLoader classPath;

    /** @param classPath where Relais's own mailets and matchers and James are found */
    public ChainCheck(DeclarationCatalog catalog, ClassLoader classPath) {
        this.catalog = catalog;
        this.classPath = classPath;
    }

    @Override
    public List<Finding> check(Path confDirectory) {
        try {
            return check(XmlReader.read(confDirectory.resolve(FILE)), confDirectory);
        } catch (XmlException e) {
            return List.of(e.finding());
        }
    }

    private List<Finding> check(XmlDocument document, Path confDirectory) {
        Findings findings = new Findings(document.file());
        Chain chain = new ChainReader(findings).read(document);
        try (Components components = new Components(catalog, classPath, confDirectory.resolve(EXTENSIONS))) {
            check(chain, components, confDirectory, findings);
            List<Finding> all = new ArrayList<>(findings.sorted());
            all.addAll(components.findings());
            return all.stream().distinct().sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("an extension jar cannot be closed", e);
        }
    }

    private static void check(Chain chain, Components components, Path confDirectory, Findings findings) {
        List<String> names = chain.processors().stream()
                .map(Processor::name)
                .filter(name -> !name.isBlank())
                .distinct()
                .toList();
        ChainContext context = new ChainContext(names, components::hasClass, confDirectory);
        ValueCheck values = new ValueCheck(context);
        Plugins plugins = new Plugins();
        checkSettings(chain, values, findings);
        MatcherCheck matchers = new MatcherCheck(components, values, findings, plugins);
        StepCheck steps = new StepCheck(components, context, values, findings, plugins);
        Map<String, List<Route>> routes = new LinkedHashMap<>();
        for (Processor processor : chain.processors()) {
            matchers.checkCombinations(processor);
            List<Route> ofProcessor = processor.steps().stream()
                    .map(step -> steps.check(step, matchers.check(step, processor)))
                    .toList();
            routes.putIfAbsent(processor.name(), ofProcessor);
        }
        new FlowCheck(chain, routes, findings).check();
        plugins.report(findings);
    }

    private static void checkSettings(Chain chain, ValueCheck values, Findings findings) {
        for (Value value : chain.settings()) {
            String element = "<" + value.name().substring(value.name().indexOf('/') + 1) + ">";
            ValueForm form = form(value);
            values.problem(form, value.text())
                    .ifPresentOrElse(
                            problem -> findings.error(
                                    value.line(),
                                    element + " is \"" + value.text() + "\", " + problem.what(),
                                    problem.remedy()),
                            () -> replaced(value)
                                    .ifPresent(
                                            advice -> findings.notice(value.line(), element + " is not read", advice)));
        }
    }

    private static Optional<String> replaced(Value value) {
        return switch (value.name()) {
            case "spooler/threads" -> Optional.of("the number is <workers> in <spool> of relais.xml");
            case "spooler/errorRepository" ->
                Optional.of(
                        "mail that no mailet could handle goes to the processor error; keep it there with ToRepository");
            default -> Optional.empty();
        };
    }

    private static ValueForm form(Value value) {
        return switch (value.name()) {
            case "context/postmaster" -> ValueForm.like("[^\\s@<>]+(@[^\\s@<>]+)?", "postmaster@example.org");
            case "spooler/threads" -> ValueForm.atLeast(0);
            case "spooler/errorRepository" -> ValueForm.of(ValueType.REPOSITORY);
            default -> throw new IllegalArgumentException("no form of " + value.name());
        };
    }
}
