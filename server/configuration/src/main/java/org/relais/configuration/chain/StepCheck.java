package org.relais.configuration.chain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.relais.configuration.chain.Chain.Step;
import org.relais.configuration.chain.Chain.Value;
import org.relais.configuration.chain.declaration.Components;
import org.relais.configuration.chain.declaration.Ending;
import org.relais.configuration.chain.declaration.MailetDeclaration;
import org.relais.configuration.chain.declaration.ParameterDeclaration;
import org.relais.configuration.chain.declaration.Resolution;
import org.relais.configuration.chain.declaration.Standing;
import org.relais.configuration.chain.declaration.ValueForm;
import org.relais.configuration.chain.declaration.ValueType;
import org.relais.configuration.xml.NearestName;

/** Checks a mailet and its parameters, and tells where it leads. One use for one chain, one thread. */
final class StepCheck {
    private static final String ON_MAILET_EXCEPTION = "onMailetException";
    private static final String ON_MATCH_EXCEPTION = "onMatchException";
    /** How James's own code spells it in one place. */
    private static final String ON_MATCHER_EXCEPTION = "onMatcherException";

    private static final List<String> OF_EVERY_MAILET =
            List.of(ON_MAILET_EXCEPTION, ON_MATCH_EXCEPTION, ON_MATCHER_EXCEPTION);
    private static final Set<String> ON_MAILET_WORDS = Set.of("ignore", "propagate");
    private static final Set<String> ON_MATCH_WORDS = Set.of("nomatch", "matchall", "propagate");
    private static final ValueForm PROCESSOR = ValueForm.of(ValueType.PROCESSOR);

    private final Components components;
    private final ChainContext context;
    private final ValueCheck values;
    private final Findings findings;
    private final Plugins plugins;

    StepCheck(Components components, ChainContext context, ValueCheck values, Findings findings, Plugins plugins) {
        this.components = components;
        this.context = context;
        this.values = values;
        this.findings = findings;
        this.plugins = plugins;
    }

    Route check(Step step, Reach reach) {
        if (step.mailet().isEmpty()) {
            return new Route(step, reach, Route.Leaves.UNKNOWN, "", List.of(), false, false);
        }
        List<String> maybe = new ArrayList<>();
        exception(step, ON_MAILET_EXCEPTION, ON_MAILET_WORDS).ifPresent(maybe::add);
        exception(step, ON_MATCH_EXCEPTION, ON_MATCH_WORDS).ifPresent(maybe::add);
        exception(step, ON_MATCHER_EXCEPTION, ON_MATCH_WORDS).ifPresent(maybe::add);
        Resolution<MailetDeclaration> resolution = components.mailet(step.mailet());
        if (resolution instanceof Resolution.Found<MailetDeclaration> found) {
            MailetDeclaration declaration = found.declaration();
            if (declaration.declared()) {
                checkParameters(step, declaration);
            } else {
                plugins.met(declaration.className(), step.line());
            }
            return route(step, reach, declaration, maybe);
        }
        Resolution.Rejected<MailetDeclaration> rejected = (Resolution.Rejected<MailetDeclaration>) resolution;
        findings.error(step.line(), rejected.message(), rejected.remedy());
        // What it would have done is not known: the flow is judged as with a plug-in that says nothing.
        return new Route(step, reach, Route.Leaves.UNKNOWN, "", named(step, maybe), false, true);
    }

    private void checkParameters(Step step, MailetDeclaration declaration) {
        for (Value value : step.parameters()) {
            if (!OF_EVERY_MAILET.contains(value.name())) {
                checkParameter(step, value, declaration);
            }
        }
        for (Value value : step.structured()) {
            if (declaration.parameter(value.name()).isPresent()) {
                findings.error(
                        value.line(),
                        value.text() + " stands inside <" + value.name() + ">, which holds text only",
                        "delete it");
            }
        }
        Set<String> written = written(step, declaration);
        for (ParameterDeclaration parameter : declaration.parameters()) {
            if (parameter.required() && !written.contains(parameter.name())) {
                findings.error(
                        step.line(),
                        step.mailet() + " lacks <" + parameter.name() + ">: " + parameter.documentation(),
                        "add <" + parameter.name() + "> with "
                                + parameter.form().words());
            }
        }
        if (!declaration.oneOf().isEmpty() && declaration.oneOf().stream().noneMatch(written::contains)) {
            findings.error(
                    step.line(),
                    step.mailet() + " has none of <" + String.join(">, <", declaration.oneOf()) + ">",
                    "add at least one of them");
        }
    }

    /** The parameters that are there, and those that were meant by what is misspelt: one mistake is told once. */
    private static Set<String> written(Step step, MailetDeclaration declaration) {
        Set<String> written = new HashSet<>();
        for (Value value : step.parameters()) {
            written.add(value.name());
            if (declaration.parameter(value.name()).isEmpty()) {
                nearest(value.name(), declaration).ifPresent(written::add);
            }
        }
        return written;
    }

    private void checkParameter(Step step, Value value, MailetDeclaration declaration) {
        Optional<ParameterDeclaration> declared = declaration.parameter(value.name());
        if (declared.isEmpty()) {
            if (!declaration.acceptsUnseen(value.name())) {
                findings.error(
                        value.line(),
                        step.mailet() + " has no parameter <" + value.name() + ">",
                        suggestion(value.name(), declaration));
            }
            return;
        }
        ParameterDeclaration parameter = declared.get();
        if (parameter.standing() == Standing.REFUSED) {
            findings.error(
                    value.line(), "<" + value.name() + "> of " + step.mailet() + " is not read", parameter.advice());
            return;
        }
        if (value.repeated() && !parameter.repeatable()) {
            findings.error(
                    value.line(),
                    "<" + value.name() + "> of " + step.mailet() + " is there more than once",
                    "keep one: James would join them to \"" + value.text() + "\"");
            return;
        }
        checkValue(step, value, parameter);
        if (parameter.standing() == Standing.REPLACED) {
            findings.notice(
                    value.line(), "<" + value.name() + "> of " + step.mailet() + " is not read", parameter.advice());
        }
    }

    private void checkValue(Step step, Value value, ParameterDeclaration parameter) {
        String subject = "<" + value.name() + "> of " + step.mailet();
        boolean text = parameter.form().type() == ValueType.TEXT
                && parameter.form().pattern().isEmpty();
        if (value.text().isEmpty()) {
            if (parameter.required() || !text) {
                findings.error(
                        value.line(),
                        subject + " is empty",
                        "write " + parameter.form().words() + (parameter.required() ? "" : ", or delete it"));
            }
            return;
        }
        values.problem(parameter.form(), value.text())
                .ifPresent(problem -> findings.error(
                        value.line(),
                        subject + " is \"" + shortened(value.text()) + "\", " + problem.what(),
                        problem.remedy()));
    }

    private Optional<String> exception(Step step, String name, Set<String> words) {
        Optional<Value> written = step.parameters().stream()
                .filter(value -> value.name().equals(name))
                .findFirst();
        if (written.isEmpty()
                || words.contains(written.get().text().toLowerCase(Locale.ROOT))
                || written.get().text().contains("${")) {
            return Optional.empty();
        }
        Value value = written.get();
        List<String> known = new ArrayList<>(words.stream().sorted().toList());
        known.addAll(context.processors());
        if (values.problem(PROCESSOR, value.text()).isPresent()) {
            findings.error(
                    value.line(),
                    "<" + name + "> is \"" + value.text() + "\", which is neither a processor nor one of "
                            + String.join(", ", words.stream().sorted().toList()),
                    NearestName.of(value.text(), known)
                            .map(nearest -> "did you mean " + nearest + "?")
                            .orElse("write one of " + String.join(", ", known)));
            return Optional.empty();
        }
        return Optional.of(value.text());
    }

    private Route route(Step step, Reach reach, MailetDeclaration declaration, List<String> maybe) {
        if (!declaration.declared()) {
            return new Route(step, reach, Route.Leaves.UNKNOWN, "", named(step, maybe), false, true);
        }
        List<String> processors = new ArrayList<>(maybe);
        for (ParameterDeclaration parameter : declaration.parameters()) {
            if (parameter.form().type() == ValueType.PROCESSOR && parameter.standing() == Standing.READ) {
                processors.add(step.parameter(parameter.name(), parameter.defaultValue()));
            }
        }
        processors.removeIf(name -> !context.processors().contains(name));
        boolean ignores = step.parameter(ON_MAILET_EXCEPTION, "").equalsIgnoreCase("ignore");
        String target = declaration.ending() instanceof Ending.Moves moves ? step.parameter(moves.parameter(), "") : "";
        // A mail whose mailet threw goes on to the next one if the chain says ignore; moving cannot throw.
        Route.Leaves leaves = ignores && target.isEmpty() ? Route.Leaves.GO_ON : leaves(step, declaration);
        if (target.equals(ChainContext.ENDED)) {
            leaves = Route.Leaves.END;
        }
        return new Route(step, reach, leaves, target, processors, declaration.answers(), declaration.marks());
    }

    private static Route.Leaves leaves(Step step, MailetDeclaration declaration) {
        Ending ending = declaration.ending();
        if (ending instanceof Ending.Always) {
            return Route.Leaves.END;
        }
        if (ending instanceof Ending.Moves) {
            return Route.Leaves.MOVE;
        }
        if (ending instanceof Ending.When when) {
            String otherwise = declaration
                    .parameter(when.parameter())
                    .map(ParameterDeclaration::defaultValue)
                    .orElse("");
            String value = step.parameter(when.parameter(), otherwise);
            return value.equalsIgnoreCase(when.value()) ? Route.Leaves.END : Route.Leaves.GO_ON;
        }
        return ending instanceof Ending.Never ? Route.Leaves.GO_ON : Route.Leaves.UNKNOWN;
    }

    /** A plug-in may send mail to any processor that one of its parameters names. */
    private List<String> named(Step step, List<String> maybe) {
        List<String> processors = new ArrayList<>(maybe);
        step.parameters().stream()
                .map(Value::text)
                .filter(context.processors()::contains)
                .forEach(processors::add);
        return processors;
    }

    private static String suggestion(String name, MailetDeclaration declaration) {
        Optional<String> nearest = nearest(name, declaration);
        if (nearest.isPresent()) {
            return "did you mean <" + nearest.get() + ">?";
        }
        return declaration.parameters().isEmpty()
                ? "delete it: it takes none"
                : "it knows " + String.join(", ", names(declaration).toList());
    }

    private static Optional<String> nearest(String name, MailetDeclaration declaration) {
        return NearestName.of(
                name,
                Stream.concat(names(declaration), OF_EVERY_MAILET.stream()).toList());
    }

    private static Stream<String> names(MailetDeclaration declaration) {
        return declaration.parameters().stream().map(ParameterDeclaration::name);
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > 60 || !line.equals(text) ? line.substring(0, Math.min(line.length(), 60)) + "…" : text;
    }
}
