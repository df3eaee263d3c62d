package org.relais.configuration.chain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.relais.configuration.chain.Chain.Processor;

/**
 * Follows mail through the processors: which are never entered, where mail falls out, which mailets nothing gets to,
 * and where it goes round for ever. Says error only where it is sure; where a plug-in that declares nothing may decide,
 * it says nothing. One use for one chain, one thread.
 */
final class FlowCheck {
    private static final String ROOT = "root";
    private static final String ERROR = "error";

    private final Chain chain;
    private final Map<String, Processor> processors = new LinkedHashMap<>();
    private final Map<String, List<Route>> routes;
    private final Findings findings;

    /** @param routes of each processor, in the order of its mailets */
    FlowCheck(Chain chain, Map<String, List<Route>> routes, Findings findings) {
        this.chain = chain;
        this.routes = routes;
        this.findings = findings;
        chain.processors().forEach(processor -> processors.putIfAbsent(processor.name(), processor));
    }

    void check() {
        checkNames();
        checkReached();
        processors.values().forEach(this::checkEnd);
        checkLoops();
    }

    private void checkNames() {
        Map<String, Integer> lines = new HashMap<>();
        for (Processor processor : chain.processors()) {
            Integer first = lines.putIfAbsent(processor.name(), processor.line());
            if (first != null && !processor.name().isBlank()) {
                findings.error(
                        processor.line(),
                        "the processor " + processor.name() + " is there already, at line " + first,
                        "give one of them another name, or put its mailets into the first");
            }
            if (processor.name().equals(ChainContext.ENDED)) {
                findings.error(
                        processor.line(),
                        "no processor can be called ghost",
                        "it is the state of a mail that has ended");
            }
        }
        for (String needed : List.of(ROOT, ERROR)) {
            if (!lines.containsKey(needed)) {
                findings.error(
                        chain.line(),
                        "the processor " + needed + " is missing",
                        needed.equals(ROOT)
                                ? "add <processor state=\"root\">, where every mail begins"
                                : "add <processor state=\"error\">, where mail goes that no mailet could handle");
            }
        }
    }

    private void checkReached() {
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(ROOT, ERROR));
        boolean unknown = false;
        while (!next.isEmpty()) {
            String name = next.remove();
            if (reached.add(name)) {
                for (Route route : routes.getOrDefault(name, List.of())) {
                    next.addAll(route.maybe());
                    unknown |= route.leaves() == Route.Leaves.UNKNOWN;
                }
            }
        }
        for (Processor processor : processors.values()) {
            if (reached.contains(processor.name()) || processor.name().isBlank()) {
                continue;
            }
            String message = "no mail ever gets to the processor " + processor.name();
            String remedy = "send mail there with ToProcessor, or delete it";
            if (unknown) {
                findings.notice(processor.line(), message + ", unless a plug-in sends it there", remedy);
            } else {
                findings.error(processor.line(), message, remedy);
            }
        }
    }

    private void checkEnd(Processor processor) {
        List<Route> steps = routes.getOrDefault(processor.name(), List.of());
        Optional<Route> closing = steps.stream().filter(Route::closes).findFirst();
        if (closing.isPresent()) {
            int behind = steps.indexOf(closing.get()) + 1;
            if (behind < steps.size()) {
                Chain.Step dead = steps.get(behind).step();
                findings.error(
                        dead.line(),
                        "no mail ever gets to " + dead.mailet() + ": "
                                + closing.get().step().mailet() + " at line "
                                + closing.get().step().line() + " takes all of it",
                        "move it in front of that line, or delete it");
            }
            return;
        }
        if (steps.stream().anyMatch(Route::mayClose)) {
            return;
        }
        Optional<Route> answering = steps.stream()
                .filter(route -> route.reach() == Reach.ALL && route.answers())
                .findFirst();
        if (answering.isPresent()) {
            findings.notice(
                    answering.get().step().line(),
                    "mail that " + answering.get().step().mailet() + " has answered reaches the end of the processor "
                            + processor.name() + " and is handled as an error there",
                    "write <passThrough>false</passThrough>, which ends it");
            return;
        }
        findings.error(
                processor.line(),
                "mail can fall out of the processor " + processor.name() + ": "
                        + (steps.isEmpty() ? "it holds no mailet" : "no mailet takes all that gets to its end"),
                "end it with a mailet that takes all: <mailet match=\"All\" class=\"ToProcessor\">, LocalDelivery,"
                        + " RemoteDelivery, ToRepository or Null");
    }

    private void checkLoops() {
        Set<String> told = new HashSet<>();
        for (String start : processors.keySet()) {
            Set<String> way = new LinkedHashSet<>();
            String at = start;
            while (way.add(at)) {
                Optional<Route> closing = closing(at);
                if (closing.isEmpty() || !processors.containsKey(closing.get().surely())) {
                    at = "";
                    break;
                }
                at = closing.get().surely();
            }
            if (!at.isEmpty()) {
                List<String> circle = new ArrayList<>(way);
                report(circle.subList(circle.indexOf(at), circle.size()), told);
            }
        }
    }

    private Optional<Route> closing(String processor) {
        return routes.getOrDefault(processor, List.of()).stream()
                .filter(route -> route.mayClose())
                .findFirst()
                .filter(Route::closes)
                .filter(route -> route.leaves() == Route.Leaves.MOVE);
    }

    private void report(List<String> circle, Set<String> told) {
        if (!told.add(String.join(" ", circle.stream().sorted().toList())) || mayLeave(circle)) {
            return;
        }
        String last = circle.get(circle.size() - 1);
        closing(last)
                .ifPresent(back -> findings.error(
                        back.step().line(),
                        "mail goes round for ever: " + String.join(" → ", circle) + " → " + circle.get(0),
                        "send it to a processor that ends it"));
    }

    /** Whether a mail may leave the circle on a later pass though it did not on the first. */
    private boolean mayLeave(List<String> circle) {
        List<Route> steps = circle.stream()
                .flatMap(name -> routes.getOrDefault(name, List.of()).stream())
                .toList();
        boolean undecided = steps.stream()
                .anyMatch(route -> route.leaves() == Route.Leaves.UNKNOWN
                        || route.reach() == Reach.UNKNOWN
                        || route.reach() == Reach.SOME_COUNTING);
        boolean marked = steps.stream().anyMatch(Route::marks);
        boolean readsMarks = steps.stream()
                .anyMatch(route -> route.reach() == Reach.SOME_BY_MARKS && route.leaves() != Route.Leaves.GO_ON);
        return undecided || marked && readsMarks;
    }
}
