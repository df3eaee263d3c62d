package org.relais.model.event;

/** The fields an event may carry besides its envelope; the names are those seen in logs. */
public enum EventField {
    /** The listener's protocol: smtp, submission, lmtp. */
    PROTOCOL("protocol"),
    SESSION("session"),
    /** The client's IP address. */
    CLIENT("client"),
    HELO("helo"),
    /** The authenticated user. */
    USER("user"),
    /** Octets of the content as received. */
    SIZE("size"),
    MESSAGE_ID("messageId"),
    PROCESSOR("processor"),
    MATCHER("matcher"),
    MAILET("mailet"),
    NEXT_HOP("nextHop"),
    /** Enhanced status code (RFC 3463). */
    STATUS("status"),
    /** The reply of the remote MTA, or ours, code and text. */
    REPLY("reply"),
    /** The TLS session: version and cipher, or {@code none}. */
    TLS("tls"),
    /** Time since the mail was received, ISO 8601. */
    DELAY("delay"),
    /** The number of this attempt, from 1. */
    ATTEMPT("attempt"),
    /** When the next attempt is due, ISO 8601. */
    NEXT_ATTEMPT("nextAttempt"),
    REPOSITORY("repository"),
    /** Why, in words. */
    REASON("reason");

    private final String key;

    EventField(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }
}
