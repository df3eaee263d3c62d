package org.relais.configuration.chain.declaration;

import java.util.List;
import java.util.stream.Stream;

/** What a class in a chain is. */
public enum ComponentKind {
    MAILET("mailet", List.of("org.apache.james.transport.mailets."), "org/apache/mailet/Mailet", "org.relais.mailets"),
    MATCHER(
            "matcher",
            List.of("org.apache.james.transport.matchers.", "org.apache.james.mailetcontainer.impl.matchers."),
            "org/apache/mailet/Matcher",
            "org.relais.matchers");

    private final String word;
    private final List<String> jamesPackages;
    private final String internalInterface;
    private final String relaisPackage;

    ComponentKind(String word, List<String> jamesPackages, String internalInterface, String relaisPackage) {
        this.word = word;
        this.jamesPackages = jamesPackages;
        this.internalInterface = internalInterface;
        this.relaisPackage = relaisPackage;
    }

    public String word() {
        return word;
    }

    /** The class names that a name in a chain may stand for, the first one first. */
    List<String> classNames(String nameInChain) {
        return Stream.concat(Stream.of(nameInChain), jamesPackages.stream().map(prefix -> prefix + nameInChain))
                .toList();
    }

    /** The package of Relais's own, at any depth of which a simple name is looked for. */
    public String relaisPackage() {
        return relaisPackage;
    }

    String internalInterface() {
        return internalInterface;
    }

    /** What one writes into a chain for this class. */
    String chainName(String className) {
        return jamesPackages.stream()
                .filter(className::startsWith)
                .map(prefix -> className.substring(prefix.length()))
                .findFirst()
                .orElse(className);
    }
}
