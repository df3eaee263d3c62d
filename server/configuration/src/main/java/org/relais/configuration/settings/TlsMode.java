package org.relais.configuration.settings;

/** How a listener speaks TLS. */
public enum TlsMode {
    /** Never. */
    NONE,
    /** From the client's command on: STARTTLS, for POP3 STLS. */
    STARTTLS,
    /** From the first octet on. */
    IMPLICIT;

    /** As it is written in relais.xml. */
    public String word() {
        return switch (this) {
            case NONE -> "none";
            case STARTTLS -> "starttls";
            case IMPLICIT -> "implicit";
        };
    }
}
