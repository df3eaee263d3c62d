package org.relais.administration.port;

import java.util.List;

/** The local domains. Calls block; any thread. A change holds for the next session's first command. */
public interface DomainAdministration {
    /** All local domains in alphabetical order. */
    List<DomainName> list() throws Refusal;

    /** Makes a domain local; refused with {@link Refusal.Kind#EXISTS} if it is. */
    void add(DomainName domain) throws Refusal;

    /** Refused while users or aliases are in it, because their mail would be refused from then on. */
    void remove(DomainName domain) throws Refusal;
}
