package org.relais.configuration.relaisxml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.relais.configuration.Finding;
import org.relais.configuration.schema.Declaration;
import org.relais.configuration.schema.InvalidValueException;
import org.relais.configuration.schema.RelaisSchema;
import org.relais.configuration.schema.Setting;
import org.relais.configuration.xml.NearestName;
import org.relais.configuration.xml.XmlAttribute;
import org.relais.configuration.xml.XmlDocument;
import org.relais.configuration.xml.XmlElement;

/**
 * Reads a well-formed relais.xml by its declarations, and says of each element, attribute and text that does not fit
 * what is wrong; what is wrong is left out of the content. One use, one thread.
 */
final class SchemaReader {
    private static final int SHOWN = 60;

    private final XmlDocument document;
    private final List<Finding> findings;
    private final Content content = new Content();

    SchemaReader(XmlDocument document, List<Finding> findings) {
        this.document = document;
        this.findings = findings;
    }

    Content read() {
        XmlElement root = document.root();
        if (!root.name().equals("relais")) {
            error(root.line(), "the root element is <" + root.name() + ">", "write <relais> … </relais>");
            return content;
        }
        refuseAttributes(root, List.of());
        refuseText(root);
        Map<String, Integer> seen = new HashMap<>();
        for (XmlElement element : root.children()) {
            Optional<Declaration> declaration = RelaisSchema.DECLARATIONS.stream()
                    .filter(declared -> declared.name().equals(element.name()))
                    .findFirst();
            if (declaration.isEmpty()) {
                unknownElement(
                        root,
                        element,
                        RelaisSchema.DECLARATIONS.stream()
                                .map(Declaration::name)
                                .toList());
            } else if (!isTwice(seen, element)) {
                read(declaration.get(), element);
            }
        }
        return content;
    }

    private void read(Declaration declaration, XmlElement element) {
        if (declaration instanceof Declaration.Value value) {
            takeText(value.setting(), element, content.values());
        } else if (declaration instanceof Declaration.Section section) {
            section(section, element);
        } else if (declaration instanceof Declaration.Items items) {
            items(items, element);
        }
    }

    private void section(Declaration.Section section, XmlElement element) {
        refuseAttributes(element, section.settings());
        refuseText(element);
        Map<String, Integer> seen = new HashMap<>();
        for (XmlElement child : element.children()) {
            Optional<Setting<?>> setting = named(section.settings(), child.name());
            if (setting.isEmpty()) {
                unknownElement(element, child, names(section.settings()));
            } else if (!isTwice(seen, child)) {
                takeText(setting.get(), child, content.values());
            }
        }
    }

    private void items(Declaration.Items items, XmlElement element) {
        refuseAttributes(element, List.of());
        refuseText(element);
        List<Values> sound = new ArrayList<>();
        for (XmlElement child : element.children()) {
            if (!child.name().equals(items.item())) {
                unknownElement(element, child, List.of(items.item()));
                continue;
            }
            int before = findings.size();
            Values values = items.areText() ? textItem(items, child) : attributeItem(items, child);
            if (findings.size() == before) {
                sound.add(values);
            }
        }
        if (element.children().isEmpty() && !items.mayBeEmpty()) {
            error(
                    element.line(),
                    "<" + items.name() + "> holds no <" + items.item() + ">",
                    "add one, or delete <" + items.name() + "> to have " + items.without());
        }
        content.put(items, new Content.ItemList(element.line(), sound));
    }

    private Values textItem(Declaration.Items items, XmlElement element) {
        Values values = new Values(element.line());
        takeText(items.attributes().get(0), element, values);
        return values;
    }

    private Values attributeItem(Declaration.Items items, XmlElement element) {
        Values values = new Values(element.line());
        refuseText(element);
        Declaration.PlugIn plugIn = items.plugIn();
        for (XmlElement child : element.children()) {
            if (plugIn != null && child.name().equals(plugIn.name())) {
                plugIn(plugIn, child, values);
                continue;
            }
            boolean isAttribute = named(items.attributes(), child.name()).isPresent();
            error(
                    child.line(),
                    "<" + child.name() + "> stands in <" + element.name() + ">, which takes "
                            + (plugIn == null ? "attributes only" : "attributes and <" + plugIn.name() + ">"),
                    isAttribute ? "write <" + element.name() + " " + child.name() + "=\"…\"/>" : "delete it");
        }
        attributes(items.attributes(), element, values);
        return values;
    }

    /** What stands inside is for the plug-in to read. */
    private void plugIn(Declaration.PlugIn plugIn, XmlElement element, Values into) {
        Values values = new Values(element.line());
        attributes(List.of(plugIn.className()), element, values);
        if (values.isGiven(plugIn.className())) {
            into.addPlugIn(element);
        }
    }

    private void attributes(List<Setting<?>> settings, XmlElement element, Values values) {
        for (XmlAttribute attribute : element.attributes()) {
            Optional<Setting<?>> setting = named(settings, attribute.name());
            if (setting.isPresent()) {
                take(setting.get(), attribute.name(), attribute.value().strip(), attribute.line(), values);
            } else if (!isXmlOwn(attribute)) {
                error(
                        attribute.line(),
                        "the attribute " + attribute.name() + " is not known in <" + element.name() + ">",
                        didYouMean(attribute.name(), names(settings), ""));
            }
        }
        for (Setting<?> setting : settings) {
            if (setting.isRequired() && element.attribute(setting.name()).isEmpty()) {
                error(
                        element.line(),
                        "<" + element.name() + "> lacks the attribute " + setting.name(),
                        "add " + setting.name() + "=\"…\": " + setting.type().inWords());
            }
        }
    }

    private void takeText(Setting<?> setting, XmlElement element, Values into) {
        refuseAttributes(element, List.of());
        refuseChildren(element);
        if (element.children().isEmpty()) {
            take(setting, "<" + element.name() + ">", element.value(), element.line(), into);
        }
    }

    private <T> void take(Setting<T> setting, String subject, String text, int line, Values into) {
        try {
            if (text.isEmpty() && !setting.type().takesEmpty()) {
                throw new InvalidValueException(
                        "is empty",
                        "write " + setting.type().inWords()
                                + (setting.isRequired() ? "" : ", or delete it to have " + setting.without()));
            }
            into.put(setting, setting.type().parse(text), text, line);
        } catch (InvalidValueException e) {
            String shown = text.isEmpty() || e.isSecret() ? "" : " '" + shortened(text) + "'";
            error(line, subject + shown + " " + e.predicate(), e.remedy());
        }
    }

    private boolean isTwice(Map<String, Integer> seen, XmlElement element) {
        Integer first = seen.putIfAbsent(element.name(), element.line());
        if (first != null) {
            error(
                    element.line(),
                    "<" + element.name() + "> stands here again; the first is in line " + first,
                    "keep one of them");
        }
        return first != null;
    }

    private void unknownElement(XmlElement parent, XmlElement element, List<String> known) {
        if (RelaisSchema.NOT_YET.contains(element.name())) {
            error(element.line(), "<" + element.name() + "> is not part of this version", "delete it");
        } else {
            error(
                    element.line(),
                    "<" + element.name() + "> is not known in <" + parent.name() + ">",
                    didYouMean(element.name(), known, elsewhere(element.name())));
        }
    }

    /** Where else an element of that name has its place; empty if nowhere. */
    private static String elsewhere(String name) {
        return RelaisSchema.DECLARATIONS.stream()
                .filter(declaration -> declaration instanceof Declaration.Section section
                                && named(section.settings(), name).isPresent()
                        || declaration instanceof Declaration.Items items
                                && items.item().equals(name))
                .findFirst()
                .map(declaration -> "its place is in <" + declaration.name() + ">")
                .orElse("");
    }

    private static String didYouMean(String name, List<String> known, String otherwise) {
        return NearestName.of(name, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse(otherwise.isEmpty() ? "known here: " + String.join(", ", known) : otherwise);
    }

    /** @param children settings that could have been meant, as they are written as children */
    private void refuseAttributes(XmlElement element, List<Setting<?>> children) {
        for (XmlAttribute attribute : element.attributes()) {
            if (!isXmlOwn(attribute)) {
                String name = attribute.name();
                String remedy = named(children, name).isPresent()
                        ? "write <" + name + ">…</" + name + "> inside <" + element.name() + ">"
                        : "delete it; <" + element.name() + "> takes no attributes";
                error(attribute.line(), "the attribute " + name + " is not known in <" + element.name() + ">", remedy);
            }
        }
    }

    private void refuseText(XmlElement element) {
        if (!element.value().isEmpty()) {
            error(
                    element.line(),
                    "text stands in <" + element.name() + ">: '" + shortened(element.value()) + "'",
                    "put it into the element that it belongs to, or into a comment <!-- … -->");
        }
    }

    private void refuseChildren(XmlElement element) {
        for (XmlElement child : element.children()) {
            error(
                    child.line(),
                    "<" + child.name() + "> stands in <" + element.name() + ">, which takes text only",
                    "delete it");
        }
    }

    /** Namespace declarations and the schema's place are for editors. */
    private static boolean isXmlOwn(XmlAttribute attribute) {
        String name = attribute.name();
        return name.equals("xmlns") || name.startsWith("xmlns:") || name.startsWith("xsi:") || name.startsWith("xml:");
    }

    private static Optional<Setting<?>> named(List<Setting<?>> settings, String name) {
        return settings.stream().filter(setting -> setting.name().equals(name)).findFirst();
    }

    private static List<String> names(List<Setting<?>> settings) {
        return settings.stream().map(Setting::name).collect(Collectors.toUnmodifiableList());
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}+\\s*", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    private void error(int line, String message, String remedy) {
        findings.add(Finding.error(document.file(), line, message, remedy));
    }
}
