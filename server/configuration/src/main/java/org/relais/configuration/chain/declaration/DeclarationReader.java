package org.relais.configuration.chain.declaration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads our declarations of James's mailets and matchers. One word opens each line:
 *
 * <pre>
 * group TITLE
 * mailet CLASS            matcher CLASS            unsupported mailet|matcher CLASS
 *   One sentence that says what it does (or, if unsupported, why, and what to use).
 *   alias CLASS                      the class of ours that runs under this name
 *   ends always | ends when P=V      nothing behind it sees the mail
 *   moves P                          the mail always goes to the processor that P names
 *   marks                            it writes what a matcher may look for on a second pass
 *   answers                          the reverse-path is told about the mail
 *   prefix [TEXT]                    parameters that begin so are accepted
 *   one of P P …                     at least one of them is required
 *   parameter NAME TYPE [OPTION …] -- What it is for.
 *   condition TYPE [OPTION …] -- What it is.
 *   composite | counts | reads marks  of matchers
 * </pre>
 *
 * Options: {@code required repeatable default= choices=a|b min= max= form=REGEX each=REGEX example= replaced=ADVICE
 * refused=ADVICE}; a value with spaces stands in quotes, with {@code \"} for a quote inside. Broken input is a bug in
 * our resource and throws with its line. One use, one thread.
 */
final class DeclarationReader {
    private static final Pattern OPTION = Pattern.compile("([a-z]+)(?:=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S*)))?\\s*");
    private static final String DOCUMENTATION = " -- ";

    private final String resource;
    private final Declarations.Builder declarations;
    private String group = "";
    private int lineNumber;

    DeclarationReader(String resource, Declarations.Builder declarations) {
        this.resource = resource;
        this.declarations = declarations;
    }

    void read(List<String> lines) {
        List<String> block = new ArrayList<>();
        int blockLine = 0;
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            if (!line.startsWith(" ")) {
                readBlock(block, blockLine);
                block.clear();
                blockLine = number;
            }
            block.add(line.strip());
        }
        readBlock(block, blockLine);
    }

    private void readBlock(List<String> block, int firstLine) {
        if (block.isEmpty()) {
            return;
        }
        lineNumber = firstLine;
        String head = block.get(0);
        List<String> body = block.subList(1, block.size());
        if (head.startsWith("group ")) {
            group = head.substring("group ".length());
        } else if (head.startsWith("mailet ")) {
            declarations.add(mailet(head.substring("mailet ".length()), body));
        } else if (head.startsWith("matcher ")) {
            declarations.add(matcher(head.substring("matcher ".length()), body));
        } else if (head.startsWith("unsupported mailet ")) {
            declarations.add(unsupported(ComponentKind.MAILET, head.substring("unsupported mailet ".length()), body));
        } else if (head.startsWith("unsupported matcher ")) {
            declarations.add(unsupported(ComponentKind.MATCHER, head.substring("unsupported matcher ".length()), body));
        } else {
            throw broken(head);
        }
    }

    private static Unsupported unsupported(ComponentKind kind, String className, List<String> body) {
        return new Unsupported(kind, kind.chainName(className), className, String.join(" ", body));
    }

    private MailetDeclaration mailet(String className, List<String> body) {
        List<ParameterDeclaration> parameters = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        List<String> oneOf = List.of();
        Ending ending = new Ending.Never();
        String standsIn = "";
        boolean marks = false;
        boolean answers = false;
        for (String line : body.subList(1, body.size())) {
            lineNumber++;
            String word = line.split(" ", 2)[0];
            String rest = line.substring(word.length()).strip();
            switch (word) {
                case "alias" -> standsIn = rest;
                case "ends" -> ending = ending(rest);
                case "moves" -> ending = new Ending.Moves(rest);
                case "marks" -> marks = true;
                case "answers" -> answers = true;
                case "prefix" -> prefixes.add(rest);
                case "one" -> oneOf = List.of(rest.substring("of ".length()).split(" "));
                case "parameter" -> parameters.add(parameter(rest));
                default -> throw broken(line);
            }
        }
        return new MailetDeclaration(
                ComponentKind.MAILET.chainName(className),
                className,
                standsIn,
                group,
                body.get(0),
                parameters,
                prefixes,
                oneOf,
                ending,
                marks,
                answers,
                true);
    }

    private Ending ending(String text) {
        if (text.equals("always")) {
            return new Ending.Always();
        }
        String[] condition = text.substring("when ".length()).split("=", 2);
        return new Ending.When(condition[0], condition[1]);
    }

    private MatcherDeclaration matcher(String className, List<String> body) {
        ConditionDeclaration condition = ConditionDeclaration.NONE;
        boolean composite = false;
        boolean counts = false;
        boolean readsMarks = false;
        for (String line : body.subList(1, body.size())) {
            lineNumber++;
            if (line.startsWith("condition ")) {
                condition = condition(line.substring("condition ".length()));
            } else if (line.equals("composite")) {
                composite = true;
            } else if (line.equals("counts")) {
                counts = true;
            } else if (line.equals("reads marks")) {
                readsMarks = true;
            } else {
                throw broken(line);
            }
        }
        return new MatcherDeclaration(
                ComponentKind.MATCHER.chainName(className),
                className,
                group,
                body.get(0),
                condition,
                composite,
                counts,
                readsMarks,
                true);
    }

    private ParameterDeclaration parameter(String line) {
        String name = line.split(" ", 2)[0];
        Map<String, String> options = options(line.substring(name.length()));
        Standing standing = options.containsKey("refused")
                ? Standing.REFUSED
                : options.containsKey("replaced") ? Standing.REPLACED : Standing.READ;
        return new ParameterDeclaration(
                name,
                form(options),
                options.getOrDefault("default", ""),
                options.containsKey("required"),
                options.containsKey("repeatable"),
                standing,
                options.getOrDefault("refused", options.getOrDefault("replaced", "")),
                options.getOrDefault(DOCUMENTATION, ""));
    }

    private ConditionDeclaration condition(String line) {
        Map<String, String> options = options(line);
        return new ConditionDeclaration(
                form(options), true, options.containsKey("required"), options.getOrDefault(DOCUMENTATION, ""));
    }

    /** The type stands under the key "type", the documentation under its separator. */
    private Map<String, String> options(String line) {
        int end = line.indexOf(DOCUMENTATION);
        if (end < 0) {
            throw broken(line);
        }
        Map<String, String> options = new HashMap<>();
        options.put(DOCUMENTATION, line.substring(end + DOCUMENTATION.length()).strip());
        String[] typeAndOptions = line.substring(0, end).strip().split(" ", 2);
        options.put("type", typeAndOptions[0]);
        String rest = typeAndOptions.length > 1 ? typeAndOptions[1] : "";
        Matcher option = OPTION.matcher(rest);
        int position = 0;
        while (position < rest.length()) {
            if (!option.find(position) || option.start() != position) {
                throw broken(line);
            }
            String quoted = option.group(2);
            String plain = option.group(3);
            options.put(option.group(1), quoted != null ? quoted.replace("\\\"", "\"") : plain == null ? "" : plain);
            position = option.end();
        }
        return options;
    }

    private static ValueForm form(Map<String, String> options) {
        String choices = options.getOrDefault("choices", "");
        String minimum = options.getOrDefault("min", "");
        String maximum = options.getOrDefault("max", "");
        return new ValueForm(
                ValueType.valueOf(options.getOrDefault("type", "").toUpperCase(Locale.ROOT)),
                choices.isEmpty() ? List.of() : Arrays.asList(choices.split("\\|")),
                minimum.isEmpty() ? Long.MIN_VALUE : Long.parseLong(minimum),
                maximum.isEmpty() ? Long.MAX_VALUE : Long.parseLong(maximum),
                options.getOrDefault("form", options.getOrDefault("each", "")),
                options.containsKey("each"),
                options.getOrDefault("example", ""));
    }

    private IllegalStateException broken(String line) {
        return new IllegalStateException(resource + ":" + lineNumber + ": not understood: " + line);
    }
}
