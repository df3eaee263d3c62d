package org.relais.configuration.chain.declaration;

/** How the text of a parameter or condition is read; a superset of {@code org.relais.extension.ParameterType}. */
public enum ValueType {
    TEXT("text"),
    BOOLEAN("true or false"),
    INTEGER("a whole number"),
    NUMBER("a number"),
    DURATION("a duration such as 30m, 2h or PT30M"),
    /** What James's own mailets read: a number and a unit, no ISO 8601. */
    AGE("a number and a unit such as 5 s, 30 minutes, 2 h or 7 days"),
    SIZE("a size such as 64K or 25M"),
    ADDRESS("a mail address"),
    ADDRESSES("mail addresses, separated by commas"),
    PROCESSOR("the name of a processor of this chain"),
    REPOSITORY("a repository URL such as file://var/mail/error"),
    FILE("a file"),
    PATTERN("a regular expression"),
    CHOICE("one of the words listed"),
    URL("a URL such as http://host/path"),
    CHARSET("a character set such as UTF-8"),
    NETWORKS("addresses or networks such as 192.0.2.0/24, separated by commas"),
    DOMAINS("domains, separated by commas"),
    MAPPINGS("attribute;header pairs, separated by commas"),
    SUBSTITUTIONS("substitutions /pattern/replacement/flags/, separated by commas"),
    HEADER("a header field name"),
    EXCEPTION("the full class name of an exception");

    private final String words;

    ValueType(String words) {
        this.words = words;
    }

    /** For a sentence: "expected is …". */
    public String words() {
        return words;
    }
}
