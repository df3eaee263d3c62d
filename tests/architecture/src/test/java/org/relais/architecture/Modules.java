package org.relais.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The modules by their packages {@code org.relais.<module>}, and on whom each may lean: the arrows of
 * {@code docs/architecture.md}. The distribution sees everything and stands in no one's list.
 */
final class Modules {
    static final String ROOT = "org.relais.";
    static final String DISTRIBUTION = "distribution";

    /** The modules below {@code server/}. */
    static final Map<String, Set<String>> SERVER = Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("extension", Set.of()),
            Map.entry("configuration", Set.of("model", "extension")),
            Map.entry("spool", Set.of("model")),
            Map.entry("dns", Set.of("model")),
            Map.entry("smtpclient", Set.of("model")),
            Map.entry("delivery", Set.of("model", "dns", "spool", "smtpclient")),
            Map.entry("chain", Set.of("model", "extension", "spool")),
            Map.entry("store", Set.of("model")),
            Map.entry("access", Set.of("model", "store", "spool")),
            Map.entry("journal", Set.of("model")),
            Map.entry("administration", Set.of("model", "configuration")));

    /** What adapts the server to James's chains: James's types are their business. */
    static final Map<String, Set<String>> ADAPTERS = Map.of(
            "mailets", Set.of("model", "extension", "spool", "chain", "store", "dns", "smtpclient", "delivery"),
            "matchers", Set.of("model", "extension", "spool", "chain", "store"));

    /** Every class that ships, and the testkit. */
    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.relais");

    private Modules() {}

    /** The module of a class of ours. */
    static Optional<String> of(JavaClass type) {
        String name = type.getBaseComponentType().getPackageName();
        if (!name.startsWith(ROOT)) {
            return Optional.empty();
        }
        String rest = name.substring(ROOT.length());
        int dot = rest.indexOf('.');
        return Optional.of(dot < 0 ? rest : rest.substring(0, dot));
    }

    static boolean isServer(JavaClass type) {
        return of(type).filter(SERVER::containsKey).isPresent();
    }

    static boolean ships(JavaClass type) {
        return of(type).filter(m -> SERVER.containsKey(m) || ADAPTERS.containsKey(m) || m.equals(DISTRIBUTION))
                .isPresent();
    }

    /** Whether a class stands in a package for adapters to James. */
    static boolean isJamesAdapter(JavaClass type) {
        return ("." + type.getPackageName() + ".").contains(".james.");
    }
}
