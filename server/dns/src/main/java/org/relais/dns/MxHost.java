package org.relais.dns;

/**
 * An MX record (RFC 1035 §3.3.9).
 *
 * @param preference 0 to 65535, lowest first
 * @param host in lower case without the last dot; empty for the root, as in a null MX (RFC 7505)
 */
public record MxHost(int preference, String host) {}
