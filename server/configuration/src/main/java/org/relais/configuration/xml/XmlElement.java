package org.relais.configuration.xml;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One element as it was written. Immutable.
 *
 * @param name with its prefix, if it has one
 * @param attributes in the order written; names are unique
 * @param children the elements directly inside, in the order written
 * @param text the characters directly inside (not those of children), references resolved, not trimmed
 * @param line where the start tag begins, from 1
 * @param endLine where the end tag (or the end of an empty element's tag) stands
 */
public record XmlElement(
        String name, List<XmlAttribute> attributes, List<XmlElement> children, String text, int line, int endLine) {

    public XmlElement {
        attributes = List.copyOf(attributes);
        children = List.copyOf(children);
    }

    public Optional<XmlAttribute> attribute(String attributeName) {
        return attributes.stream()
                .filter(attribute -> attribute.name().equals(attributeName))
                .findFirst();
    }

    /** The children of that name, in the order written. */
    public Stream<XmlElement> children(String childName) {
        return children.stream().filter(child -> child.name().equals(childName));
    }

    /** The text without white space around it: what a value is read from. */
    public String value() {
        return text.strip();
    }
}
