package org.relais.configuration.chain;

import java.util.ArrayList;
import java.util.List;
import org.relais.configuration.Finding;

/** Collects what the checks of one file say. One thread. */
final class Findings {
    private final String file;
    private final List<Finding> findings = new ArrayList<>();

    Findings(String file) {
        this.file = file;
    }

    void error(int line, String message, String remedy) {
        findings.add(Finding.error(file, line, message, remedy));
    }

    void notice(int line, String message, String remedy) {
        findings.add(Finding.notice(file, line, message, remedy));
    }

    List<Finding> sorted() {
        return findings.stream().distinct().sorted().toList();
    }
}
