package org.relais.configuration.settings;

/** What a listener speaks, with its standard ports. */
public enum Protocol {
    SMTP("smtp", 25, 25),
    SUBMISSION("submission", 587, 465),
    POP3("pop3", 110, 995),
    IMAP("imap", 143, 993),
    LMTP("lmtp", 24, 24),
    MANAGESIEVE("managesieve", 4190, 4190);

    private final String word;
    private final int clearPort;
    private final int tlsPort;

    Protocol(String word, int clearPort, int tlsPort) {
        this.word = word;
        this.clearPort = clearPort;
        this.tlsPort = tlsPort;
    }

    /** As it is written in relais.xml. */
    public String word() {
        return word;
    }

    public int standardPort(TlsMode tls) {
        return tls == TlsMode.IMPLICIT ? tlsPort : clearPort;
    }

    public TlsMode standardTls() {
        return this == LMTP ? TlsMode.NONE : TlsMode.STARTTLS;
    }

    /** Whether a listener serves only those who log in, which asks for TLS. */
    public boolean needsLogin() {
        return this != SMTP && this != LMTP;
    }
}
