package org.relais.configuration.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The XML Schema of relais.xml, for editors: names, places, words and numbers. It takes everything that the check takes
 * and not less; what only the check can know (networks, files, conflicts) it lets pass.
 */
public final class XsdFile {
    private final XmlWriter xml = new XmlWriter();

    private XsdFile() {}

    public static String text() {
        return new XsdFile().write();
    }

    private String write() {
        xml.comment("The schema of relais.xml, for editors. Written by XsdFile from RelaisSchema: change that.");
        xml.begin("xs:schema", Map.of("xmlns:xs", "http://www.w3.org/2001/XMLSchema"));
        xml.begin("xs:element", Map.of("name", "relais"));
        xml.begin("xs:complexType", Map.of()).begin("xs:all", Map.of());
        for (Declaration declaration : RelaisSchema.DECLARATIONS) {
            if (declaration instanceof Declaration.Value value) {
                element(value.setting(), "0", "1");
            } else if (declaration instanceof Declaration.Section section) {
                beginElement(section.name(), "0", "1", section.documentation());
                xml.begin("xs:complexType", Map.of()).begin("xs:all", Map.of());
                section.settings().forEach(setting -> element(setting, "0", "1"));
                xml.end("xs:all").end("xs:complexType").end("xs:element");
            } else if (declaration instanceof Declaration.Items items) {
                items(items);
            }
        }
        xml.end("xs:all").end("xs:complexType").end("xs:element").end("xs:schema");
        return xml.text();
    }

    private void items(Declaration.Items items) {
        String least = items.mayBeEmpty() ? "0" : "1";
        beginElement(items.name(), "0", "1", items.documentation());
        xml.begin("xs:complexType", Map.of()).begin("xs:sequence", Map.of());
        if (items.areText()) {
            element(items.attributes().get(0), least, "unbounded");
        } else {
            xml.begin("xs:element", attributes("name", items.item(), "minOccurs", least, "maxOccurs", "unbounded"));
            xml.begin("xs:complexType", Map.of());
            Declaration.PlugIn plugIn = items.plugIn();
            if (plugIn != null) {
                plugIn(plugIn);
            }
            items.attributes().forEach(this::attribute);
            xml.end("xs:complexType").end("xs:element");
        }
        xml.end("xs:sequence").end("xs:complexType").end("xs:element");
    }

    private void attribute(Setting<?> setting) {
        xml.begin(
                "xs:attribute",
                attributes("name", setting.name(), "use", setting.isRequired() ? "required" : "optional"));
        documentation(describe(setting));
        type(setting.type().facets());
        xml.end("xs:attribute");
    }

    private void plugIn(Declaration.PlugIn plugIn) {
        xml.begin("xs:sequence", Map.of());
        xml.begin("xs:element", attributes("name", plugIn.name(), "minOccurs", "0", "maxOccurs", "unbounded"));
        xml.begin("xs:complexType", Map.of()).begin("xs:sequence", Map.of());
        xml.empty("xs:any", attributes("minOccurs", "0", "maxOccurs", "unbounded", "processContents", "skip"));
        xml.end("xs:sequence");
        attribute(plugIn.className());
        xml.end("xs:complexType").end("xs:element").end("xs:sequence");
    }

    private void element(Setting<?> setting, String least, String most) {
        beginElement(setting.name(), least, most, describe(setting));
        type(setting.type().facets());
        xml.end("xs:element");
    }

    private void beginElement(String name, String least, String most, String documentation) {
        xml.begin("xs:element", attributes("name", name, "minOccurs", least, "maxOccurs", most));
        documentation(documentation);
    }

    private void documentation(String text) {
        xml.begin("xs:annotation", Map.of()).element("xs:documentation", text).end("xs:annotation");
    }

    private void type(Facets facets) {
        xml.begin("xs:simpleType", Map.of()).begin("xs:restriction", Map.of("base", facets.base()));
        String pattern = facets.pattern();
        if (pattern != null) {
            xml.empty("xs:pattern", Map.of("value", pattern));
        }
        facets.words().forEach(word -> xml.empty("xs:enumeration", Map.of("value", word)));
        if (facets.least() != null) {
            xml.empty("xs:minInclusive", Map.of("value", String.valueOf(facets.least())));
        }
        if (facets.most() != null) {
            xml.empty("xs:maxInclusive", Map.of("value", String.valueOf(facets.most())));
        }
        xml.end("xs:restriction").end("xs:simpleType");
    }

    private static String describe(Setting<?> setting) {
        String without = setting.without().isEmpty() ? "nothing" : setting.without();
        return setting.documentation()
                + (setting.isRequired() ? " Required: " : " Default: " + without + "; ")
                + setting.type().inWords() + ".";
    }

    private static Map<String, String> attributes(String... namesAndValues) {
        Map<String, String> attributes = new LinkedHashMap<>();
        List<String> list = List.of(namesAndValues);
        for (int i = 0; i < list.size(); i += 2) {
            attributes.put(list.get(i), list.get(i + 1));
        }
        return attributes;
    }
}
