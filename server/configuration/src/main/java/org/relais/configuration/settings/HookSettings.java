package org.relais.configuration.settings;

import java.util.List;

/**
 * A plug-in of a listener, one of James's SMTP hooks.
 *
 * @param className as it is written: a full name, or a short one
 * @param line where relais.xml names it
 */
public record HookSettings(String className, List<Parameter> parameters, int line) {
    public HookSettings {
        parameters = List.copyOf(parameters);
    }

    /** An element inside the hook's, for the hook to read. */
    public record Parameter(String name, String value, List<Parameter> children) {
        public Parameter {
            children = List.copyOf(children);
        }
    }
}
