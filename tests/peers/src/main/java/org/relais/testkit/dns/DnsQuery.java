package org.relais.testkit.dns;

/**
 * A question that a {@link DnsServer} was asked.
 *
 * @param name with the final dot, in lower case
 * @param type e.g. {@code MX}
 * @param overTcp whether it came over TCP
 */
public record DnsQuery(String name, String type, boolean overTcp) {}
