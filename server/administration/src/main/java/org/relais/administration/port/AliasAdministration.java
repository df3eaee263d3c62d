package org.relais.administration.port;

import java.util.List;

/** The aliases. Calls block; any thread. A change holds for the next RCPT. */
public interface AliasAdministration {
    /** Mail for the source goes to the target; a source may have several targets. */
    record Alias(MailboxAddress source, MailboxAddress target) {}

    /** All aliases, by source, then target. */
    List<Alias> list() throws Refusal;

    /** Refused if the source's domain is not local, the source is a user, the alias exists or it would make a loop. */
    void add(Alias alias) throws Refusal;

    void remove(Alias alias) throws Refusal;
}
