package org.relais.testkit.smtp;

/** Where in an SMTP or LMTP session a scripted answer is given. */
public enum Stage {
    /** The connection has been made: the greeting. */
    CONNECT,
    HELO,
    /** EHLO, and LHLO of LMTP. */
    EHLO,
    STARTTLS,
    AUTH,
    MAIL,
    RCPT,
    /** The DATA command. */
    DATA,
    /** The end of the content: {@code CRLF.CRLF}. */
    CONTENT,
    RSET,
    NOOP,
    QUIT,
    /** Any other command. */
    OTHER
}
