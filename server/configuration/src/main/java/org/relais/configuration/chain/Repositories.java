package org.relais.configuration.chain;

import java.util.LinkedHashMap;
import java.util.Map;

/** The repositories that a chain asks for: one notice tells that none of them is on disk yet. One thread. */
final class Repositories {
    private final Map<String, Integer> onDisk = new LinkedHashMap<>();

    void met(String url, int line) {
        if (RepositoryUrl.asksForDisk(url)) {
            onDisk.putIfAbsent(url, line);
        }
    }

    void report(Findings findings) {
        onDisk.entrySet().stream()
                .findFirst()
                .ifPresent(first -> findings.notice(
                        first.getValue(),
                        onDisk.size() == 1
                                ? "the repository " + first.getKey() + " is kept in memory in this version"
                                : "the repository " + first.getKey() + " and " + (onDisk.size() - 1)
                                        + " more are kept in memory in this version",
                        "nothing needs to be done; write memory:// to say so yourself"));
    }
}
