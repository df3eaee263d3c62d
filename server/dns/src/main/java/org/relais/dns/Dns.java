package org.relais.dns;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;

/**
 * Looks names up. Stages never fail and complete within a deadline: what goes wrong is a {@link Lookup.Failed}. They may
 * complete on a thread of the resolver, which must not be blocked. Safe for use by many threads.
 */
public interface Dns {

    /** The MX records of a domain, by preference and, where that is the same, in the order of the answer. */
    CompletionStage<Lookup<MxHost>> mx(String domain);

    /** IPv6 and IPv4 addresses of a host; an address literal is its own answer. CNAMEs are followed, within a bound. */
    CompletionStage<Lookup<InetAddress>> addresses(String host);
}
