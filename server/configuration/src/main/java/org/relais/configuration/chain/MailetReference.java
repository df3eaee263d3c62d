package org.relais.configuration.chain;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.relais.configuration.chain.declaration.ComponentKind;
import org.relais.configuration.chain.declaration.ConditionDeclaration;
import org.relais.configuration.chain.declaration.DeclarationCatalog;
import org.relais.configuration.chain.declaration.Ending;
import org.relais.configuration.chain.declaration.MailetDeclaration;
import org.relais.configuration.chain.declaration.MatcherDeclaration;
import org.relais.configuration.chain.declaration.ParameterDeclaration;
import org.relais.configuration.chain.declaration.Standing;
import org.relais.configuration.chain.declaration.Unsupported;

/**
 * The reference of mailets and matchers: the page {@code docs/mailets.md}, and rows for {@code relais config reference}.
 */
public final class MailetReference {
    /**
     * One mailet, matcher, parameter or condition.
     *
     * @param path {@code mailet/Bounce}, {@code mailet/Bounce/passThrough}, {@code matcher/RecipientIs}
     * @param type what its value is; of a mailet and a matcher: empty
     * @param without its default; empty: none
     */
    public record Row(String path, String type, String without, boolean isRequired, String documentation) {}

    private MailetReference() {}

    /** James's mailets and matchers that are supported, then Relais's own. */
    public static List<Row> rows(
            DeclarationCatalog catalog, List<MailetDeclaration> ownMailets, List<MatcherDeclaration> ownMatchers) {
        List<Row> rows = new ArrayList<>();
        ownMailets.forEach(mailet -> addRows(mailet, rows));
        catalog.mailets().forEach(mailet -> addRows(mailet, rows));
        ownMatchers.forEach(matcher -> addRow(matcher, rows));
        catalog.matchers().forEach(matcher -> addRow(matcher, rows));
        return List.copyOf(rows);
    }

    private static void addRows(MailetDeclaration mailet, List<Row> rows) {
        String path = ComponentKind.MAILET.word() + "/" + mailet.name();
        rows.add(new Row(path, "", "", false, mailet.documentation()));
        for (ParameterDeclaration parameter : mailet.parameters()) {
            rows.add(new Row(
                    path + "/" + parameter.name(),
                    parameter.form().words(),
                    parameter.defaultValue(),
                    parameter.required(),
                    parameter.documentation()));
        }
    }

    private static void addRow(MatcherDeclaration matcher, List<Row> rows) {
        ConditionDeclaration condition = matcher.condition();
        String documentation = condition.taken()
                ? matcher.documentation() + " Condition: " + condition.documentation()
                : matcher.documentation();
        rows.add(new Row(
                ComponentKind.MATCHER.word() + "/" + matcher.name(),
                condition.taken() ? condition.form().words() : "",
                "",
                condition.required(),
                documentation));
    }

    /** The page on James's mailets and matchers. */
    public static String markdown(DeclarationCatalog catalog) {
        StringBuilder page = new StringBuilder("""
                # Mailets and matchers of James

                <!-- Written by MailetReference from the declarations in server/configuration: change those, and run the module's tests. -->

                What a chain in `conf/mailetcontainer.xml` can use of Apache James 3.8.1 as it is. Relais's own mailets and
                matchers, and those of plug-ins, declare themselves: `relais config reference` prints them all. The names below
                are what one writes; a full class name does as well (`Null` is `org.apache.james.transport.mailets.Null`).

                `relais config check` knows every parameter below and says which one is misspelt, missing or of the wrong
                type. A text with `${env:NAME}` in it is taken as it is.

                Every mailet takes two parameters more:

                | parameter | value | |
                |---|---|---|
                | `onMailetException` | `ignore`, `propagate` or a processor | What becomes of a mail when the mailet throws. Without it, and with `propagate`, the mail stays in the spool and is tried again at this mailet. |
                | `onMatchException` | `nomatch`, `matchall`, `propagate` or a processor | The same, when the matcher throws. |

                What a stock chain says around its mailets: `enableJmx` is accepted and has no effect, since there is no JMX;
                `<spooler><threads>` is `<spool><workers>` of `relais.xml`; a repository URL names a repository by its path,
                whatever comes before `://` (`file`, `memory`, `cassandra`, `maildir`, `jpa`, `db`, `dbfile`, `postgres`): each is
                a spool in a folder of its own below `data/repositories`.

                ## Mailets
                """);
        for (String group :
                groups(catalog.mailets().stream().map(MailetDeclaration::group).toList())) {
            page.append("\n### ").append(group).append('\n');
            catalog.mailets().stream()
                    .filter(mailet -> mailet.group().equals(group))
                    .forEach(mailet -> append(mailet, page));
        }
        page.append(
                        "\n## Matchers\n\nA matcher stands in `match` (or, the other way round, in `notmatch`); its condition")
                .append(" follows an equals sign: `match=\"RelayLimit=30\"`.\n");
        for (String group : groups(
                catalog.matchers().stream().map(MatcherDeclaration::group).toList())) {
            page.append("\n### ").append(group).append("\n\n| matcher | matches | condition |\n|---|---|---|\n");
            catalog.matchers().stream()
                    .filter(matcher -> matcher.group().equals(group))
                    .forEach(matcher -> append(matcher, page));
        }
        page.append("\n## Not supported\n\n| | why, and what to use |\n|---|---|\n");
        catalog.unsupported().forEach(component -> append(component, page));
        return page.toString();
    }

    private static Set<String> groups(List<String> ofAll) {
        return new LinkedHashSet<>(ofAll);
    }

    private static void append(MailetDeclaration mailet, StringBuilder page) {
        page.append("\n#### ").append(mailet.name()).append("\n\n");
        page.append(mailet.documentation()).append(ending(mailet)).append('\n');
        if (mailet.prefixes().contains("")) {
            page.append("\nEvery parameter is an attribute.\n");
        }
        if (mailet.parameters().isEmpty()) {
            return;
        }
        page.append("\n| parameter | value | default | |\n|---|---|---|---|\n");
        for (ParameterDeclaration parameter : mailet.parameters()) {
            page.append("| `")
                    .append(parameter.name())
                    .append("` | ")
                    .append(cell(parameter.form().words()))
                    .append(" | ")
                    .append(
                            parameter.required()
                                    ? "required"
                                    : parameter.defaultValue().isEmpty() ? "" : "`" + parameter.defaultValue() + "`")
                    .append(" | ")
                    .append(cell(parameter.documentation()))
                    .append(standing(parameter))
                    .append(" |\n");
        }
        mailet.prefixes().stream()
                .filter(prefix -> !prefix.isEmpty())
                .forEach(
                        prefix -> page.append("| `").append(prefix).append("…` | text | | Passed on to JavaMail. |\n"));
        if (!mailet.oneOf().isEmpty()) {
            page.append("\nAt least one of `")
                    .append(String.join("`, `", mailet.oneOf()))
                    .append("` has to be there.\n");
        }
    }

    private static String ending(MailetDeclaration mailet) {
        if (mailet.ending() instanceof Ending.Always) {
            return " The mail ends here.";
        }
        return mailet.ending() instanceof Ending.When when
                ? " The mail ends here if `" + when.parameter() + "` is `" + when.value() + "`."
                : "";
    }

    private static String standing(ParameterDeclaration parameter) {
        return parameter.standing() == Standing.READ ? "" : " **Not read:** " + cell(parameter.advice()) + ".";
    }

    private static void append(MatcherDeclaration matcher, StringBuilder page) {
        ConditionDeclaration condition = matcher.condition();
        String shown = matcher.composite() ? "`<matcher>` elements inside" : "";
        if (condition.taken()) {
            shown = (condition.required() ? "" : "optional: ") + cell(condition.documentation()) + " ("
                    + cell(condition.form().words()) + ")";
        }
        page.append("| `")
                .append(matcher.name())
                .append("` | ")
                .append(cell(matcher.documentation()))
                .append(" | ")
                .append(shown)
                .append(" |\n");
    }

    private static void append(Unsupported component, StringBuilder page) {
        page.append("| ")
                .append(component.kind().word())
                .append(" `")
                .append(component.name())
                .append("` | ")
                .append(cell(component.reason()))
                .append(" |\n");
    }

    private static String cell(String text) {
        return text.lines().collect(Collectors.joining(" ")).replace("|", "\\|").replace("<", "&lt;");
    }
}
