package org.relais.smtpclient;

/** What the next hop speaks. */
public enum Protocol {
    SMTP,
    /** RFC 2033: one reply for each recipient behind the content. */
    LMTP
}
