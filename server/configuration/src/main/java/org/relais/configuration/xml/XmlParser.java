package org.relais.configuration.xml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of XML 1.0 without a document type, over {@link XmlText}. The first malformation ends it: behind one,
 * what an element belongs to would be a guess. One use, one thread.
 */
final class XmlParser {
    /** An element whose end tag has not come yet. */
    private record Open(
            String name, int line, List<XmlAttribute> attributes, List<XmlElement> children, StringBuilder text) {
        XmlElement close(int endLine) {
            return new XmlElement(name, attributes, children, text.toString(), line, endLine);
        }
    }

    private final XmlText in;
    private final Deque<Open> open = new ArrayDeque<>();
    private @Nullable XmlElement root;

    XmlParser(XmlText in) {
        this.in = in;
    }

    XmlDocument document() throws XmlException {
        declaration();
        while (!in.isAtEnd()) {
            if (in.peek() != '<') {
                characters();
            } else if (in.startsWith("<!")) {
                commentOrSection();
            } else if (in.startsWith("<?")) {
                instruction();
            } else if (in.startsWith("</")) {
                endTag();
            } else {
                startTag();
            }
        }
        Open unclosed = open.peek();
        if (unclosed != null) {
            throw in.malformed(
                    unclosed.line(),
                    "<" + unclosed.name() + "> begins here and is never closed",
                    "add </" + unclosed.name() + "> where it ends");
        }
        if (root == null) {
            throw in.malformed("the file holds no element", "begin with the root element, such as <relais>");
        }
        return new XmlDocument(in.name(), root);
    }

    private void declaration() throws XmlException {
        if (!in.startsWith("<?xml ") && !in.startsWith("<?xml\t") && !in.startsWith("<?xml\n")) {
            return;
        }
        String declared = in.takeThrough("?>");
        String pattern = "<\\?xml\\s+version\\s*=\\s*(\"1\\.0\"|'1\\.0')"
                + "(\\s+encoding\\s*=\\s*(\"[A-Za-z][A-Za-z0-9._-]*\"|'[A-Za-z][A-Za-z0-9._-]*'))?"
                + "(\\s+standalone\\s*=\\s*(\"(yes|no)\"|'(yes|no)'))?\\s*";
        if (declared == null || !declared.matches(pattern)) {
            throw in.malformed(
                    1,
                    "the XML declaration is malformed",
                    "write <?xml version=\"1.0\" encoding=\"UTF-8\"?> or leave it out");
        }
    }

    private void characters() throws XmlException {
        int line = in.line();
        Open element = open.peek();
        String raw = in.takeUntilAny("<&");
        if (element == null) {
            if (!raw.isBlank() || in.peek() == '&') {
                throw in.malformed(
                        line + leadingLines(raw),
                        "text stands outside of the root element",
                        "delete it or put it into a comment <!-- … -->");
            }
            return;
        }
        if (raw.contains("]]>")) {
            throw in.malformed(line, "]]> stands in the text", "write ]]&gt;");
        }
        element.text().append(raw);
        if (in.peek() == '&') {
            element.text().appendCodePoint(reference());
        }
    }

    private static int leadingLines(String raw) {
        String leading = raw.substring(0, raw.length() - raw.stripLeading().length());
        return (int) leading.chars().filter(c -> c == '\n').count();
    }

    private void commentOrSection() throws XmlException {
        int line = in.line();
        if (in.skip("<!--")) {
            String comment = in.takeThrough("--");
            if (comment == null) {
                throw in.malformed(line, "a comment begins here and never ends", "add --> where it ends");
            }
            if (!in.skip(">")) {
                throw in.malformed("-- stands inside a comment", "a comment may not hold two hyphens; write one");
            }
        } else if (in.skip("<![CDATA[")) {
            Open element = open.peek();
            String section = in.takeThrough("]]>");
            if (element == null) {
                throw in.malformed(line, "text stands outside of the root element", "delete it");
            }
            if (section == null) {
                throw in.malformed(line, "a CDATA section begins here and never ends", "add ]]> where it ends");
            }
            element.text().append(section);
        } else if (in.startsWith("<!DOCTYPE")) {
            throw in.malformed("a document type declaration is not taken", "delete the <!DOCTYPE …> declaration");
        } else {
            throw in.malformed("<! begins neither a comment nor a CDATA section", "a comment is <!-- … -->");
        }
    }

    private void instruction() throws XmlException {
        int line = in.line();
        in.skip("<?");
        String target = in.takeName();
        if (target.equalsIgnoreCase("xml")) {
            throw in.malformed(
                    line,
                    "the XML declaration is not at the very start",
                    "move <?xml …?> to the first line, or delete it");
        }
        boolean separated = XmlText.isWhiteSpace(in.peek()) || in.startsWith("?>");
        if (target.isEmpty() || !separated || in.takeThrough("?>") == null) {
            throw in.malformed(line, "a processing instruction is malformed", "delete the <? … ?>");
        }
    }

    private void endTag() throws XmlException {
        int line = in.line();
        in.skip("</");
        String name = in.takeName();
        in.skipWhiteSpace();
        if (name.isEmpty() || !in.skip(">")) {
            throw in.malformed(line, "an end tag is malformed", "write </name>");
        }
        Open element = open.peek();
        if (element == null) {
            throw in.malformed(line, "</" + name + "> closes nothing", "delete it, or add <" + name + "> before");
        }
        if (!element.name().equals(name)) {
            throw in.malformed(
                    line,
                    "</" + name + "> stands here, but <" + element.name() + "> of line " + element.line()
                            + " is still open",
                    "close it first with </" + element.name() + ">");
        }
        open.pop();
        finish(element.close(line));
    }

    private void startTag() throws XmlException {
        int line = in.line();
        in.skip("<");
        String name = in.takeName();
        if (name.isEmpty()) {
            throw in.malformed(line, "a lone < stands before " + in.shown(), "write &lt; for the character itself");
        }
        if (open.isEmpty() && root != null) {
            throw in.malformed(line, "a second root element <" + name + ">", "put it inside <" + root.name() + ">");
        }
        if (open.size() >= XmlReader.MAX_DEPTH) {
            throw in.malformed(line, "elements stand more than 64 levels deep", "nest them less");
        }
        Open element = new Open(name, line, attributes(name, line), new ArrayList<>(), new StringBuilder());
        if (in.skip("/>")) {
            finish(element.close(in.line()));
        } else {
            in.skip(">");
            open.push(element);
        }
    }

    private void finish(XmlElement element) {
        Open parent = open.peek();
        if (parent == null) {
            root = element;
        } else {
            parent.children().add(element);
        }
    }

    private List<XmlAttribute> attributes(String element, int elementLine) throws XmlException {
        List<XmlAttribute> attributes = new ArrayList<>();
        while (true) {
            boolean separated = in.skipWhiteSpace();
            if (in.startsWith(">") || in.startsWith("/>")) {
                return attributes;
            }
            int line = in.line();
            String name = in.takeName();
            if (name.isEmpty()) {
                throw in.malformed(
                        in.isAtEnd() ? elementLine : line,
                        "the tag <" + element + "> of line " + elementLine + " is not ended before " + in.shown(),
                        "end it with > or />; an attribute is name=\"value\"");
            }
            if (!separated) {
                throw in.malformed(line, "no space stands before the attribute " + name, "put a space between them");
            }
            if (attributes.stream().anyMatch(attribute -> attribute.name().equals(name))) {
                throw in.malformed(line, "the attribute " + name + " is given twice", "keep one of them");
            }
            attributes.add(new XmlAttribute(name, attributeValue(name), line));
        }
    }

    private String attributeValue(String name) throws XmlException {
        int line = in.line();
        in.skipWhiteSpace();
        boolean assigned = in.skip("=");
        in.skipWhiteSpace();
        String quote = in.startsWith("\"") ? "\"" : "'";
        if (!assigned || !in.skip(quote)) {
            throw in.malformed(line, "the attribute " + name + " has no quoted value", "write " + name + "=\"…\"");
        }
        StringBuilder value = new StringBuilder();
        while (true) {
            value.append(in.takeUntilAny("<&" + quote).replace('\n', ' ').replace('\t', ' '));
            if (in.skip(quote)) {
                return value.toString();
            }
            if (in.peek() != '&') {
                throw in.malformed(
                        line,
                        "the value of the attribute " + name + " is not closed before " + in.shown(),
                        "close it with " + quote + "; write &lt; for < inside a value");
            }
            value.appendCodePoint(reference());
        }
    }

    /** XML 1.0 §4.1: a character reference, or one of the five entities. */
    private int reference() throws XmlException {
        int line = in.line();
        in.skip("&");
        String entity = in.skip("#") ? "#" + in.takeUntilAny("; <&\"'\n\t") : in.takeName();
        if (!in.skip(";")) {
            throw in.malformed(line, "a lone & stands in the text", "write &amp; for the character itself");
        }
        return switch (entity) {
            case "lt" -> '<';
            case "gt" -> '>';
            case "amp" -> '&';
            case "apos" -> '\'';
            case "quot" -> '"';
            default -> characterReference(entity, line);
        };
    }

    private int characterReference(String entity, int line) throws XmlException {
        boolean hexadecimal = entity.startsWith("#x");
        String digits = entity.substring(hexadecimal ? 2 : Math.min(1, entity.length()));
        if (entity.startsWith("#") && digits.matches(hexadecimal ? "[0-9A-Fa-f]{1,8}" : "[0-9]{1,9}")) {
            long character = Long.parseLong(digits, hexadecimal ? 16 : 10);
            if (character <= Character.MAX_CODE_POINT && XmlText.isCharacter((int) character)) {
                return (int) character;
            }
        }
        throw in.malformed(
                line,
                "&" + entity + "; names no character",
                "XML knows &lt; &gt; &amp; &apos; &quot; and &#number; write &amp; for a plain &");
    }
}
