package org.relais.configuration.chain;

import java.util.LinkedHashMap;
import java.util.Map;

/** The plug-ins of a chain that say nothing about themselves: one notice each. One thread. */
final class Plugins {
    private final Map<String, Integer> undeclared = new LinkedHashMap<>();

    void met(String className, int line) {
        undeclared.putIfAbsent(className, line);
    }

    boolean isEmpty() {
        return undeclared.isEmpty();
    }

    void report(Findings findings) {
        undeclared.forEach((className, line) -> findings.notice(
                line,
                className + " does not declare its parameters, so what stands there is not checked",
                "nothing needs to be done; its author can add the annotations of relais-extension-api"));
    }
}
