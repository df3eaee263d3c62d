package org.relais.configuration.chain.declaration;

/** What a class in a chain is. */
public enum ComponentKind {
    MAILET("mailet", "org.apache.james.transport.mailets.", "org/apache/mailet/Mailet", "org.relais.mailets"),
    MATCHER("matcher", "org.apache.james.transport.matchers.", "org/apache/mailet/Matcher", "org.relais.matchers");

    private final String word;
    private final String jamesPackage;
    private final String internalInterface;
    private final String relaisPackage;

    ComponentKind(String word, String jamesPackage, String internalInterface, String relaisPackage) {
        this.word = word;
        this.jamesPackage = jamesPackage;
        this.internalInterface = internalInterface;
        this.relaisPackage = relaisPackage;
    }

    public String word() {
        return word;
    }

    /** The package that a chain may leave out, with its last dot. */
    public String jamesPackage() {
        return jamesPackage;
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
        return className.startsWith(jamesPackage) ? className.substring(jamesPackage.length()) : className;
    }
}
