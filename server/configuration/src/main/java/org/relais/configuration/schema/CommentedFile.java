package org.relais.configuration.schema;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The relais.xml that {@code relais init} writes: every element, active, with its default or what it was told, under a
 * comment that explains it. One thread.
 */
public final class CommentedFile {
    private final Map<Setting<?>, String> values = new HashMap<>();
    private final Map<Declaration.Items, List<Map<Setting<?>, String>>> items = new HashMap<>();

    /** Writes {@code text} instead of the default. */
    public CommentedFile with(Setting<?> setting, String text) {
        values.put(setting, text);
        return this;
    }

    /** Writes these children instead of the default ones. */
    public CommentedFile with(Declaration.Items declaration, List<Map<Setting<?>, String>> children) {
        items.put(declaration, List.copyOf(children));
        return this;
    }

    public String text() {
        XmlWriter xml = new XmlWriter();
        xml.comment("The machine side of Relais. Every element is optional; each one here holds its default, or what"
                + " relais init was told. Durations: 90s, 30m, 12h, 5d or ISO 8601 such as PT30M. Sizes: 64K, 25M, 1G."
                + " Files: relative to this folder. Check it with: relais config check. The chains of mailets are in"
                + " mailetcontainer.xml.");
        Map<String, String> schema = new LinkedHashMap<>();
        schema.put("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
        schema.put("xsi:noNamespaceSchemaLocation", "relais.xsd");
        xml.begin("relais", schema);
        for (Declaration declaration : RelaisSchema.DECLARATIONS) {
            xml.blankLine();
            write(declaration, xml);
        }
        return xml.blankLine().end("relais").text();
    }

    private void write(Declaration declaration, XmlWriter xml) {
        if (declaration instanceof Declaration.Value value) {
            setting(value.setting(), xml);
        } else if (declaration instanceof Declaration.Section section) {
            xml.comment(section.documentation()).begin(section.name(), Map.of());
            section.settings().forEach(setting -> setting(setting, xml));
            xml.end(section.name());
        } else if (declaration instanceof Declaration.Items list) {
            items(list, xml);
        }
    }

    private void setting(Setting<?> setting, XmlWriter xml) {
        String text = values.getOrDefault(setting, String.valueOf(setting.defaultText()));
        xml.comment(setting.documentation()).element(setting.name(), text);
    }

    private void items(Declaration.Items list, XmlWriter xml) {
        xml.comment(list.documentation() + " Example: " + list.example());
        List<Map<Setting<?>, String>> children = items.getOrDefault(list, list.defaults());
        if (children.isEmpty()) {
            xml.element(list.name(), "");
            return;
        }
        xml.begin(list.name(), Map.of());
        for (Map<Setting<?>, String> child : children) {
            if (list.areText()) {
                xml.element(list.item(), child.getOrDefault(list.attributes().get(0), ""));
            } else {
                Map<String, String> attributes = new LinkedHashMap<>();
                child.forEach((setting, text) -> attributes.put(setting.name(), text));
                xml.empty(list.item(), attributes);
            }
        }
        xml.end(list.name());
    }
}
