package org.relais.configuration.chain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.relais.configuration.chain.Chain.Match;
import org.relais.configuration.chain.Chain.NamedMatcher;
import org.relais.configuration.chain.Chain.Processor;
import org.relais.configuration.chain.Chain.Step;
import org.relais.configuration.chain.Chain.Value;
import org.relais.configuration.xml.NearestName;
import org.relais.configuration.xml.XmlAttribute;
import org.relais.configuration.xml.XmlDocument;
import org.relais.configuration.xml.XmlElement;

/**
 * Turns the elements of {@code mailetcontainer.xml} into a {@link Chain} and says which elements and attributes do not
 * belong there. What is understood is kept, so that the later checks see as much as there is. One use, one thread.
 */
final class ChainReader {
    private static final String ROOT = "mailetcontainer";
    private static final Set<String> TOP =
            Set.of("context", "spooler", "processors", "mailetpackages", "matcherpackages");
    private static final Set<String> CONTEXT = Set.of("postmaster");
    private static final Set<String> SPOOLER = Set.of("threads", "errorRepository");
    private static final Set<String> PROCESSOR_ATTRIBUTES = Set.of("state", "enableJmx");
    private static final Set<String> MAILET_ATTRIBUTES = Set.of("match", "notmatch", "class");
    private static final Set<String> MATCHER_ATTRIBUTES = Set.of("name", "match", "notmatch");

    private final Findings findings;

    ChainReader(Findings findings) {
        this.findings = findings;
    }

    Chain read(XmlDocument document) {
        XmlElement root = document.root();
        if (!root.name().equals(ROOT)) {
            findings.error(
                    root.line(), "the root element is <" + root.name() + ">", "a chain stands in <" + ROOT + ">");
        }
        attributes(root, Set.of("enableJmx"));
        flag(root, "enableJmx");
        children(root, TOP);
        List<Value> settings = new ArrayList<>();
        root.children("context").forEach(context -> settings(context, CONTEXT, settings));
        root.children("spooler").forEach(spooler -> settings(spooler, SPOOLER, settings));
        root.children("mailetpackages").forEach(packages -> packages(packages, "mailetpackage"));
        root.children("matcherpackages").forEach(packages -> packages(packages, "matcherpackage"));
        return new Chain(root.line(), settings, processors(root));
    }

    private List<Processor> processors(XmlElement root) {
        List<Processor> processors = new ArrayList<>();
        List<XmlElement> groups = root.children("processors").toList();
        if (groups.isEmpty()) {
            findings.error(root.line(), "<processors> is missing", "put the processors into <processors>");
        }
        for (XmlElement group : groups) {
            attributes(group, Set.of("enableJmx"));
            flag(group, "enableJmx");
            children(group, Set.of("processor"));
            group.children("processor").map(this::processor).forEach(processors::add);
        }
        groups.stream()
                .skip(1)
                .forEach(group -> findings.error(
                        group.line(),
                        "a second <processors>; the first begins at line "
                                + groups.get(0).line(),
                        "put all processors into one"));
        return processors;
    }

    private Processor processor(XmlElement element) {
        attributes(element, PROCESSOR_ATTRIBUTES);
        flag(element, "enableJmx");
        children(element, Set.of("matcher", "mailet"));
        String name = element.attribute("state").map(XmlAttribute::value).orElse("");
        if (name.isBlank()) {
            findings.error(element.line(), "a <processor> without a name", "write <processor state=\"name\">");
        }
        return new Processor(
                name,
                element.line(),
                element.children("matcher").map(this::matcher).toList(),
                element.children("mailet").map(this::step).toList());
    }

    private NamedMatcher matcher(XmlElement element) {
        attributes(element, MATCHER_ATTRIBUTES);
        children(element, Set.of("matcher"));
        return new NamedMatcher(
                element.attribute("name").map(XmlAttribute::value).orElse(""),
                match(element).orElseGet(() -> {
                    findings.error(element.line(), "a <matcher> without match", "write match=\"Name\"");
                    return Match.all(element.line());
                }),
                element.children("matcher").map(this::matcher).toList(),
                element.line());
    }

    private Step step(XmlElement element) {
        attributes(element, MAILET_ATTRIBUTES);
        strayText(element);
        String mailet = element.attribute("class").map(XmlAttribute::value).orElse("");
        if (mailet.isBlank()) {
            findings.error(element.line(), "a <mailet> without class", "write class=\"Name\"");
        }
        List<Value> structured = new ArrayList<>();
        for (XmlElement parameter : element.children()) {
            parameter
                    .attributes()
                    .forEach(attribute -> structured.add(
                            new Value(parameter.name(), "the attribute " + attribute.name(), attribute.line(), false)));
            parameter
                    .children()
                    .forEach(child -> structured.add(
                            new Value(parameter.name(), "the element <" + child.name() + ">", child.line(), false)));
        }
        return new Step(
                mailet.strip(),
                match(element).orElseGet(() -> Match.all(element.line())),
                parameters(element),
                structured,
                element.line());
    }

    private static List<Value> parameters(XmlElement element) {
        Map<String, Value> values = new LinkedHashMap<>();
        for (XmlElement parameter : element.children()) {
            // Commons Configuration writes a dot inside a name as two.
            String name = parameter.name().replace("..", ".");
            values.merge(
                    name,
                    new Value(name, parameter.value(), parameter.line(), false),
                    (first, next) -> new Value(name, first.text() + "," + next.text(), next.line(), true));
        }
        return List.copyOf(values.values());
    }

    private Optional<Match> match(XmlElement element) {
        Optional<XmlAttribute> match = element.attribute("match");
        Optional<XmlAttribute> notmatch = element.attribute("notmatch");
        if (match.isPresent() && notmatch.isPresent()) {
            findings.error(
                    notmatch.get().line(),
                    "<" + element.name() + "> has both match and notmatch",
                    "keep one; And combines matchers");
        }
        Optional<XmlAttribute> written = match.or(() -> notmatch);
        written.filter(attribute -> attribute.value().isBlank())
                .ifPresent(attribute -> findings.error(
                        attribute.line(), attribute.name() + " is empty", "write a matcher, such as All"));
        return written.filter(attribute -> !attribute.value().isBlank())
                .map(attribute ->
                        Match.of(attribute.value().strip(), attribute.name().equals("notmatch"), attribute.line()));
    }

    private void settings(XmlElement element, Set<String> known, List<Value> settings) {
        attributes(element, Set.of());
        children(element, known);
        element.children().stream()
                .filter(child -> known.contains(child.name()))
                .map(child -> new Value(element.name() + "/" + child.name(), child.value(), child.line(), false))
                .forEach(settings::add);
    }

    /** James 2 and 3 with Spring looked for classes there; class names are looked for everywhere here. */
    private void packages(XmlElement element, String child) {
        attributes(element, Set.of());
        children(element, Set.of(child));
        element.children(child)
                .filter(name -> !name.value().startsWith("org.apache.james."))
                .filter(name -> !name.value().startsWith("org.apache.mailet."))
                .forEach(name -> findings.notice(
                        name.line(),
                        "<" + child + "> is not read: the package " + name.value() + " has no meaning of its own",
                        "delete it; a class in conf/extensions is found by its name with or without the package"));
    }

    private void attributes(XmlElement element, Set<String> known) {
        for (XmlAttribute attribute : element.attributes()) {
            String name = attribute.name();
            boolean ofSchema = name.equals("xmlns") || name.startsWith("xmlns:") || name.startsWith("xsi:");
            if (!known.contains(name) && !ofSchema) {
                findings.error(
                        attribute.line(),
                        "unknown attribute " + name + " of <" + element.name() + ">",
                        suggestion(name, known));
            }
        }
    }

    private void flag(XmlElement element, String name) {
        element.attribute(name)
                .filter(attribute -> !attribute.value().matches("(?i)true|false|.*\\$\\{.*"))
                .ifPresent(attribute -> findings.error(
                        attribute.line(),
                        name + " is \"" + attribute.value() + "\", which is neither true nor false",
                        "write false, or leave it out: Relais has no JMX"));
    }

    private void children(XmlElement element, Set<String> known) {
        strayText(element);
        for (XmlElement child : element.children()) {
            if (!known.contains(child.name())) {
                findings.error(
                        child.line(),
                        "unknown element <" + child.name() + "> in <" + element.name() + ">",
                        suggestion(child.name(), known));
            }
        }
    }

    private void strayText(XmlElement element) {
        if (!element.value().isEmpty()) {
            String text = element.value().lines().findFirst().orElse("").strip();
            findings.error(
                    element.line(),
                    "text stands between the elements of <" + element.name() + ">: "
                            + text.substring(0, Math.min(text.length(), 40)),
                    "delete it, or make it a comment <!-- … -->");
        }
    }

    private static String suggestion(String name, Set<String> known) {
        if (known.isEmpty()) {
            return "delete it";
        }
        return NearestName.of(name, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("known here: "
                        + String.join(", ", known.stream().sorted().toList()));
    }
}
