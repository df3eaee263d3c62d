package org.relais.configuration.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The reference of relais.xml: the page {@code docs/configuration.md}, and what {@code relais config reference} prints,
 * for a person or as JSON.
 */
public final class Reference {
    /**
     * One setting.
     *
     * @param path {@code limits/messageSize}; an attribute as {@code listeners/listener/@port}
     * @param without its default, or what holds without it
     */
    public record Row(String path, String type, String without, boolean isRequired, String documentation) {}

    private Reference() {}

    /** Every setting, in the order of the file. */
    public static List<Row> rows() {
        return RelaisSchema.DECLARATIONS.stream()
                .flatMap(declaration -> rows(declaration).stream())
                .toList();
    }

    /** For a terminal. */
    public static String text() {
        StringBuilder out = new StringBuilder();
        for (Row row : rows()) {
            out.append(row.path()).append('\n');
            out.append("    ").append(row.documentation()).append('\n');
            out.append("    ").append(row.type());
            out.append(row.isRequired() ? "; required" : "; default: " + shown(row))
                    .append('\n');
        }
        return out.toString();
    }

    /** An array of objects. */
    public static String json() {
        return rows().stream()
                .map(row -> "  {\"name\": " + quoted(row.path()) + ", \"type\": " + quoted(row.type())
                        + ", \"default\": " + (row.isRequired() ? "null" : quoted(row.without()))
                        + ", \"required\": " + row.isRequired() + ", \"documentation\": "
                        + quoted(row.documentation()) + "}")
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }

    /** The page. */
    public static String markdown() {
        StringBuilder out = new StringBuilder("""
                # relais.xml

                <!-- Written by Reference from RelaisSchema: change that, and run the module's tests. -->

                The machine side of Relais: names, listeners, limits, networks, delivery. The chains of mailets are in
                `mailetcontainer.xml` beside it. Every element is optional; without it its default holds. Elements may
                stand in any order, each once.

                - Durations: `90s`, `30m`, `12h`, `5d`, or ISO 8601 such as `PT30M`. Sizes: octets, or `64K`, `25M`, `1G`
                  (powers of 1024). Files: relative to the home's `conf/`, or absolute.
                - `relais config check` tells all errors at once, each with file, line and remedy; `relais run` does not
                  start with one. `relais config show` prints what holds, `relais config reference` this page.
                - Secrets never stand in the file: a file that holds them is named, and other users must not be able to
                  read it.
                - Editors that know XML Schema find `relais.xsd` beside the file.

                """);
        for (Declaration declaration : RelaisSchema.DECLARATIONS) {
            out.append("## `<").append(declaration.name()).append(">`\n\n");
            if (!(declaration instanceof Declaration.Value)) {
                out.append(cell(declaration.documentation())).append("\n\n");
            }
            if (declaration instanceof Declaration.Items items) {
                out.append("```xml\n<").append(items.name()).append(">\n  ").append(items.example());
                out.append("\n</").append(items.name()).append(">\n```\n\n");
            }
            out.append(head(declaration)).append(" | value | default | |\n|---|---|---|---|\n");
            for (Row row : rows(declaration)) {
                out.append("| `").append(shortName(declaration, row.path())).append("` | ");
                out.append(cell(row.type())).append(" | ");
                out.append(row.isRequired() ? "required" : cell(shown(row))).append(" | ");
                out.append(cell(row.documentation())).append(" |\n");
            }
            if (declaration instanceof Declaration.Items items
                    && !items.defaults().isEmpty()) {
                defaults(items, out);
            }
            out.append('\n');
        }
        return out.toString().stripTrailing() + "\n";
    }

    private static String head(Declaration declaration) {
        return declaration instanceof Declaration.Items items && !items.areText()
                ? "| attribute of `<" + items.item() + ">`"
                : "| element";
    }

    private static void defaults(Declaration.Items items, StringBuilder out) {
        out.append("\nWithout the element:\n\n```xml\n<").append(items.name()).append(">\n");
        for (var item : items.defaults()) {
            out.append("  <").append(items.item());
            item.forEach((setting, text) -> out.append(' ')
                    .append(setting.name())
                    .append("=\"")
                    .append(text)
                    .append('"'));
            out.append("/>\n");
        }
        out.append("</").append(items.name()).append(">\n```\n");
    }

    private static List<Row> rows(Declaration declaration) {
        List<Row> rows = new ArrayList<>();
        if (declaration instanceof Declaration.Value value) {
            rows.add(row(value.name(), value.setting()));
        } else if (declaration instanceof Declaration.Section section) {
            section.settings().forEach(setting -> rows.add(row(section.name() + "/" + setting.name(), setting)));
        } else if (declaration instanceof Declaration.Items items) {
            String item = items.name() + "/" + items.item();
            for (Setting<?> setting : items.attributes()) {
                rows.add(
                        items.areText()
                                ? new Row(
                                        item, setting.type().inWords(), items.without(), false, setting.documentation())
                                : row(item + "/@" + setting.name(), setting));
            }
            Declaration.PlugIn plugIn = items.plugIn();
            if (plugIn != null) {
                rows.add(row(
                        item + "/" + plugIn.name() + "/@" + plugIn.className().name(), plugIn.className()));
            }
        }
        return rows;
    }

    private static Row row(String path, Setting<?> setting) {
        return new Row(
                path, setting.type().inWords(), setting.without(), setting.isRequired(), setting.documentation());
    }

    /** The last name, and in a list the element below its items that it belongs to. */
    private static String shortName(Declaration declaration, String path) {
        String[] names = path.split("/");
        String last = names[names.length - 1].replace("@", "");
        boolean isBelowItem = declaration instanceof Declaration.Items && names.length > 3;
        return isBelowItem ? "<" + names[names.length - 2] + " " + last + ">" : last;
    }

    private static String shown(Row row) {
        return row.without().isEmpty() ? "none" : row.without();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
