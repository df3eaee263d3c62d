package org.relais.configuration.chain;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.relais.configuration.chain.declaration.ValueForm;
import org.relais.configuration.chain.declaration.ValueType;
import org.relais.configuration.xml.NearestName;

/**
 * Says whether a text is a value of a form. Reads the file system for {@link ValueType#FILE} only. A text with
 * <code>${…}</code> in it is taken as it is: what stands in its place is known at the start only. For any thread.
 */
final class ValueCheck {
    /** Of what is read as more than text. */
    private static final int MAX_LENGTH = 16_384;

    private static final Pattern AGE = Pattern.compile("(?i)\\s*\\d{1,18}\\s*"
            + "(ms|msecs?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?|months?|y|years?)?\\s*");
    private static final Pattern DURATION = Pattern.compile("(?i)\\d{1,9}(ms|s|m|h|d)"
            + "|P(?=.)(\\d{1,9}D)?(T(?=.)(\\d{1,9}H)?(\\d{1,9}M)?(\\d{1,9}(\\.\\d{1,9})?S)?)?");
    private static final Pattern SIZE = Pattern.compile("(?i)\\d{1,12}[KMG]?");
    private static final Pattern HEADER = Pattern.compile("[!-9;-~]+");
    private static final Pattern URL = Pattern.compile("https?://[^\\s/?#]+\\S*");

    private final ChainContext context;

    ValueCheck(ChainContext context) {
        this.context = context;
    }

    /** What is wrong with the text; empty if nothing is. */
    Optional<Problem> problem(ValueForm form, String text) {
        if (text.contains("${")) {
            return Optional.empty();
        }
        if (text.length() > MAX_LENGTH && form.type() != ValueType.TEXT) {
            return problem("which is longer than " + MAX_LENGTH + " characters", "write " + form.words());
        }
        if (!hasForm(form, text)) {
            return notThat(form);
        }
        return switch (form.type()) {
            case TEXT -> Optional.empty();
            case BOOLEAN -> unless(text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"), form);
            case INTEGER -> unless(isInteger(form, text), form);
            case NUMBER -> unless(text.matches("[-+]?\\d+(\\.\\d+)?"), form);
            case DURATION -> unless(DURATION.matcher(text).matches(), form);
            case AGE -> unless(AGE.matcher(text).matches(), form);
            case SIZE -> unless(SIZE.matcher(text).matches(), form);
            case ADDRESS -> unless(MailNames.isAddressOr(form.choices(), text), form);
            case ADDRESSES -> unless(MailNames.areAddressesOr(form.choices(), text), form);
            case DOMAINS -> unless(MailNames.areDomains(text), form);
            case NETWORKS -> unless(MailNames.areNetworks(text), form);
            case HEADER -> unless(HEADER.matcher(text).matches(), form);
            case MAPPINGS -> unless(areMappings(text), form);
            case URL -> unless(URL.matcher(text).matches(), form);
            case CHARSET -> unless(isCharset(text), form);
            case PROCESSOR -> processor(text);
            case REPOSITORY -> RepositoryUrl.problem(text);
            case FILE -> file(text);
            case PATTERN -> pattern(text);
            case CHOICE -> choice(form, text);
            case SUBSTITUTIONS -> substitutions(form, text);
            case EXCEPTION ->
                context.classes().test(text)
                        ? Optional.empty()
                        : problem("which is no class on the class path", "write the full name of an exception's class");
        };
    }

    private static boolean hasForm(ValueForm form, String text) {
        if (form.pattern().isEmpty()) {
            return true;
        }
        Pattern pattern = Pattern.compile(form.pattern());
        List<String> parts = form.each() ? List.of(text.split(",", -1)) : List.of(text);
        return parts.stream()
                .allMatch(part ->
                        part.length() <= MAX_LENGTH && pattern.matcher(part).matches());
    }

    private static boolean areMappings(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(mapping -> !mapping.isEmpty())
                .allMatch(mapping -> mapping.matches("[^;]+;[^;]+"));
    }

    private static Optional<Problem> unless(boolean right, ValueForm form) {
        return right ? Optional.empty() : notThat(form);
    }

    private static Optional<Problem> notThat(ValueForm form) {
        return form.example().isEmpty()
                ? problem("which is not " + form.words(), "write " + form.words())
                : problem("which has not the form of " + form.example(), "write it like " + form.example());
    }

    private static Optional<Problem> problem(String what, String remedy) {
        return Optional.of(new Problem(what, remedy));
    }

    private static boolean isInteger(ValueForm form, String text) {
        if (!text.matches("[-+]?\\d{1,10}")) {
            return false;
        }
        long number = Long.parseLong(text);
        return number >= Math.max(form.minimum(), Integer.MIN_VALUE)
                && number <= Math.min(form.maximum(), Integer.MAX_VALUE);
    }

    private static boolean isCharset(String text) {
        try {
            return Charset.isSupported(text);
        } catch (IllegalCharsetNameException e) {
            return false;
        }
    }

    private Optional<Problem> processor(String text) {
        if (context.processors().contains(text) || text.equals(ChainContext.ENDED)) {
            return Optional.empty();
        }
        return problem(
                "and there is no such processor",
                NearestName.of(text, context.processors())
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("add <processor state=\"" + text + "\">, or name one of "
                                + String.join(", ", context.processors())));
    }

    private Optional<Problem> file(String text) {
        try {
            Path file = context.directory().resolve(text.startsWith("file://") ? text.substring(7) : text);
            return Files.isReadable(file)
                    ? Optional.empty()
                    : problem("and there is no such file that can be read", "looked for " + file.normalize());
        } catch (InvalidPathException e) {
            return problem("which is no file name", "write a path");
        }
    }

    private static Optional<Problem> pattern(String text) {
        try {
            Pattern.compile(text);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            return problem(
                    "which is no regular expression: " + e.getDescription() + " at character "
                            + (Math.max(e.getIndex(), 0) + 1),
                    "correct it; a \\ in front takes a character literally");
        }
    }

    private static Optional<Problem> choice(ValueForm form, String text) {
        if (form.choices().stream().anyMatch(text::equalsIgnoreCase)) {
            return Optional.empty();
        }
        return problem(
                "which is not one of " + form.words(),
                NearestName.of(text, form.choices())
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("write one of " + form.words()));
    }

    /** {@code /pattern/replacement/flags/}, several joined by commas. */
    private static Optional<Problem> substitutions(ValueForm form, String text) {
        String trimmed = text.strip();
        if (trimmed.length() < 2 || !trimmed.startsWith("/") || !trimmed.endsWith("/")) {
            return notThat(form);
        }
        for (String substitution :
                List.of(trimmed.substring(1, trimmed.length() - 1).split("/,/", -1))) {
            String[] parts = substitution.split("/", -1);
            if (parts.length < 3) {
                return notThat(form);
            }
            Optional<Problem> problem = pattern(parts[0]);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }
}
