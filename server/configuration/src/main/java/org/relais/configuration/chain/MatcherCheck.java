package org.relais.configuration.chain;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.relais.configuration.chain.Chain.Match;
import org.relais.configuration.chain.Chain.NamedMatcher;
import org.relais.configuration.chain.Chain.Processor;
import org.relais.configuration.chain.Chain.Step;
import org.relais.configuration.chain.declaration.Components;
import org.relais.configuration.chain.declaration.ConditionDeclaration;
import org.relais.configuration.chain.declaration.MatcherDeclaration;
import org.relais.configuration.chain.declaration.Resolution;
import org.relais.configuration.xml.NearestName;

/** Checks matchers, their conditions and the combinations of a processor. One use for one chain, one thread. */
final class MatcherCheck {
    private static final String ALL = "org.apache.james.transport.matchers.All";
    private static final String REGEX_OF_ATTRIBUTE =
            "org.apache.james.transport.matchers.HasMailAttributeWithValueRegex";

    private final Components components;
    private final ValueCheck values;
    private final Findings findings;
    private final Plugins plugins;
    private final Map<String, Resolution<MatcherDeclaration>> resolved = new HashMap<>();

    MatcherCheck(Components components, ValueCheck values, Findings findings, Plugins plugins) {
        this.components = components;
        this.values = values;
        this.findings = findings;
        this.plugins = plugins;
    }

    /** Checks the {@code <matcher>} elements of a processor. */
    void checkCombinations(Processor processor) {
        Map<String, Integer> lines = new HashMap<>();
        for (NamedMatcher matcher : processor.matchers()) {
            checkTree(matcher, lines);
            boolean named =
                    all(List.of(matcher)).stream().anyMatch(part -> !part.name().isBlank());
            boolean used = all(List.of(matcher)).stream()
                    .anyMatch(part -> processor.steps().stream().anyMatch(step -> refersTo(step, part)));
            if (!named) {
                findings.error(
                        matcher.line(),
                        "a <matcher> without a name, which no mailet can use",
                        "write <matcher name=\"name\" …>, and match=\"name\" at a mailet");
            } else if (!used) {
                findings.error(
                        matcher.line(),
                        "no mailet of the processor " + processor.name() + " uses the matcher " + matcher.name(),
                        "write match=\"" + matcher.name() + "\" at a mailet, or delete it");
            }
        }
    }

    /** Checks the matcher of a mailet; what it is, if it is known and declared. */
    Reach check(Step step, Processor processor) {
        Match match = step.match();
        List<NamedMatcher> combinations = all(processor.matchers());
        Optional<NamedMatcher> named =
                combinations.stream().filter(matcher -> refersTo(step, matcher)).findFirst();
        if (named.isPresent()) {
            return reach(named.get());
        }
        Set<String> names = new HashSet<>();
        combinations.forEach(matcher -> names.add(matcher.name()));
        return checkMatch(match, names)
                .map(declaration -> reach(declaration, match.inverted()))
                .orElse(Reach.UNKNOWN);
    }

    /** The matchers and all inside them: a mailet may name each. */
    private static List<NamedMatcher> all(List<NamedMatcher> matchers) {
        return matchers.stream()
                .flatMap(matcher -> Stream.concat(Stream.of(matcher), all(matcher.children()).stream()))
                .toList();
    }

    private static boolean refersTo(Step step, NamedMatcher matcher) {
        Match match = step.match();
        return !match.hasCondition()
                && !matcher.name().isBlank()
                && match.name().equals(matcher.name());
    }

    private Reach reach(MatcherDeclaration declaration, boolean inverted) {
        if (!declaration.declared()) {
            return Reach.UNKNOWN;
        }
        if (declaration.className().equals(ALL)) {
            return inverted ? Reach.SOME : Reach.ALL;
        }
        if (declaration.counts()) {
            return Reach.SOME_COUNTING;
        }
        return declaration.readsMarks() ? Reach.SOME_BY_MARKS : Reach.SOME;
    }

    /** A combination reaches some; what it may depend on is what its parts may depend on. */
    private Reach reach(NamedMatcher matcher) {
        Reach own = resolve(matcher.match().name())
                .map(declaration -> reach(declaration, true))
                .orElse(Reach.UNKNOWN);
        Reach widest = own == Reach.ALL ? Reach.SOME : own;
        for (NamedMatcher child : matcher.children()) {
            Reach inside = reach(child) == Reach.ALL ? Reach.SOME : reach(child);
            widest = inside.compareTo(widest) > 0 ? inside : widest;
        }
        return widest;
    }

    private void checkTree(NamedMatcher matcher, Map<String, Integer> lines) {
        if (!matcher.name().isBlank()) {
            Integer first = lines.putIfAbsent(matcher.name(), matcher.line());
            if (first != null) {
                findings.error(
                        matcher.line(),
                        "the matcher " + matcher.name() + " is there already, at line " + first,
                        "give one of them another name");
            }
        }
        Optional<MatcherDeclaration> declaration = checkMatch(matcher.match(), Set.of());
        declaration.filter(MatcherDeclaration::declared).ifPresent(known -> {
            if (known.composite() && matcher.children().isEmpty()) {
                findings.error(
                        matcher.line(),
                        "the combination " + known.className() + " holds no <matcher>",
                        "put the matchers that it combines inside");
            }
            if (!known.composite() && !matcher.children().isEmpty()) {
                findings.error(
                        matcher.children().get(0).line(),
                        known.name() + " combines nothing; the <matcher> inside is never asked",
                        "combine with org.apache.james.mailetcontainer.impl.matchers.And, Or, Not or Xor");
            }
        });
        matcher.children().forEach(child -> checkTree(child, lines));
    }

    private Optional<MatcherDeclaration> resolve(String name) {
        return resolved.computeIfAbsent(name, components::matcher) instanceof Resolution.Found<MatcherDeclaration> found
                ? Optional.of(found.declaration())
                : Optional.empty();
    }

    private Optional<MatcherDeclaration> checkMatch(Match match, Set<String> combinations) {
        Resolution<MatcherDeclaration> resolution = resolved.computeIfAbsent(match.name(), components::matcher);
        if (resolution instanceof Resolution.Rejected<MatcherDeclaration> rejected) {
            findings.error(
                    match.line(),
                    rejected.message(),
                    NearestName.of(match.name(), combinations)
                            .map(nearest -> "did you mean the combination " + nearest + "?")
                            .orElse(rejected.remedy()));
            return Optional.empty();
        }
        MatcherDeclaration declaration = ((Resolution.Found<MatcherDeclaration>) resolution).declaration();
        if (declaration.declared()) {
            checkCondition(declaration, match);
        } else {
            plugins.met(declaration.className(), match.line());
        }
        return Optional.of(declaration);
    }

    private void checkCondition(MatcherDeclaration declaration, Match match) {
        ConditionDeclaration condition = declaration.condition();
        if (!condition.taken()) {
            if (match.hasCondition()) {
                findings.notice(
                        match.line(),
                        declaration.name() + " takes no condition; \"" + match.condition() + "\" is not read",
                        "write " + match.name());
            }
            return;
        }
        if (match.condition().isBlank()) {
            if (condition.required()) {
                findings.error(
                        match.line(),
                        declaration.name() + " needs a condition: " + condition.documentation(),
                        "write " + match.name() + "=" + condition.form().words());
            }
            return;
        }
        String text = match.condition();
        values.problem(condition.form(), text.strip())
                .or(() -> regexOfAttribute(declaration, text))
                .ifPresent(problem -> findings.error(
                        match.line(),
                        "the condition of " + declaration.name() + " is \"" + text + "\", " + problem.what(),
                        problem.remedy()));
    }

    private static Optional<Problem> regexOfAttribute(MatcherDeclaration declaration, String text) {
        if (!declaration.className().equals(REGEX_OF_ATTRIBUTE)) {
            return Optional.empty();
        }
        try {
            Pattern.compile(text.substring(text.indexOf(',') + 1).strip());
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.of(new Problem(
                    "whose regular expression is broken: " + e.getDescription(),
                    "correct what stands behind the comma"));
        }
    }
}
