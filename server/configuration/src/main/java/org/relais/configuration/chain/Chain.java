package org.relais.configuration.chain;

import java.util.List;

/**
 * A {@code mailetcontainer.xml} as it was written, with the lines. What was malformed is left out.
 *
 * @param line where {@code <mailetcontainer>} begins
 * @param settings what stands in {@code <context>} and {@code <spooler>}, by its path: {@code spooler/threads}
 */
record Chain(int line, List<Value> settings, List<Processor> processors) {
    Chain {
        settings = List.copyOf(settings);
        processors = List.copyOf(processors);
    }

    /** A name, its text and where it stands. Repeated parameters are one value, joined by commas, as James reads them. */
    record Value(String name, String text, int line, boolean repeated) {}

    /**
     * One {@code <processor>}.
     *
     * @param matchers the {@code <matcher>} elements directly inside, which mailets name in {@code match}
     */
    record Processor(String name, int line, List<NamedMatcher> matchers, List<Step> steps) {
        Processor {
            matchers = List.copyOf(matchers);
            steps = List.copyOf(steps);
        }
    }

    /**
     * What stands in {@code match} or {@code notmatch}.
     *
     * @param name before the first {@code =}
     * @param condition behind it; only if {@code hasCondition}
     */
    record Match(String name, String condition, boolean hasCondition, boolean inverted, int line) {
        static Match of(String text, boolean inverted, int line) {
            int separator = text.indexOf('=');
            return separator < 0
                    ? new Match(text, "", false, inverted, line)
                    : new Match(text.substring(0, separator), text.substring(separator + 1), true, inverted, line);
        }

        /** A {@code <mailet>} that names none takes every recipient. */
        static Match all(int line) {
            return new Match("All", "", false, false, line);
        }
    }

    /** One {@code <matcher>}; name is empty for those inside a combination. */
    record NamedMatcher(String name, Match match, List<NamedMatcher> children, int line) {
        NamedMatcher {
            children = List.copyOf(children);
        }
    }

    /**
     * One {@code <mailet>}.
     *
     * @param structured parameters that hold elements or attributes of their own, which only a plug-in could read
     */
    record Step(String mailet, Match match, List<Value> parameters, List<Value> structured, int line) {
        Step {
            parameters = List.copyOf(parameters);
            structured = List.copyOf(structured);
        }

        String parameter(String name, String otherwise) {
            return parameters.stream()
                    .filter(parameter -> parameter.name().equals(name))
                    .map(Value::text)
                    .findFirst()
                    .orElse(otherwise);
        }
    }
}
