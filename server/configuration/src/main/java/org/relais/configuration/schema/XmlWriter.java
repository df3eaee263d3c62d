package org.relais.configuration.schema;

import java.util.Map;

/** Writes indented XML with comments wrapped at 100 columns. One thread. */
final class XmlWriter {
    private static final int WIDTH = 100;

    private final StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    private int depth;

    XmlWriter comment(String text) {
        String indent = "  ".repeat(depth);
        StringBuilder line = new StringBuilder(indent + "<!--");
        for (String word : text.split(" ")) {
            if (line.length() + 1 + word.length() > WIDTH - " -->".length()) {
                out.append(line).append('\n');
                line = new StringBuilder(indent + "    ");
            }
            line.append(' ').append(word);
        }
        out.append(line).append(" -->\n");
        return this;
    }

    XmlWriter blankLine() {
        out.append('\n');
        return this;
    }

    /** A start tag on its own line; what follows stands inside. */
    XmlWriter begin(String name, Map<String, String> attributes) {
        indent().append('<').append(name).append(written(attributes)).append(">\n");
        depth++;
        return this;
    }

    XmlWriter end(String name) {
        depth--;
        indent().append("</").append(name).append(">\n");
        return this;
    }

    XmlWriter empty(String name, Map<String, String> attributes) {
        indent().append('<').append(name).append(written(attributes)).append("/>\n");
        return this;
    }

    XmlWriter element(String name, String text) {
        indent().append('<')
                .append(name)
                .append('>')
                .append(escaped(text))
                .append("</")
                .append(name)
                .append(">\n");
        return this;
    }

    String text() {
        return out.toString();
    }

    private StringBuilder indent() {
        return out.append("  ".repeat(depth));
    }

    private static String written(Map<String, String> attributes) {
        StringBuilder all = new StringBuilder();
        attributes.forEach((name, value) -> all.append(' ')
                .append(name)
                .append("=\"")
                .append(escaped(value))
                .append('"'));
        return all.toString();
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
