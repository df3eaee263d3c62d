package org.relais.access.smtp;

/** Where plug-ins may have a say in a session. */
public enum HookPoint {
    CONNECT,
    HELO,
    MAIL,
    RCPT,
    AUTH,
    QUIT,
    UNKNOWN,
    CONTENT
}
