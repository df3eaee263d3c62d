package org.relais.configuration.relaisxml;

import java.util.List;
import org.relais.configuration.Finding;

/** Where the rules write what they find in one file. */
record Report(String file, List<Finding> findings) {
    void error(int line, String message, String remedy) {
        findings.add(Finding.error(file, line, message, remedy));
    }

    void notice(int line, String message, String remedy) {
        findings.add(Finding.notice(file, line, message, remedy));
    }
}
