package org.relais.model.event;

/**
 * The one port through which every step of a mail passes.
 *
 * <p>Implementations never throw and never wait for a network: what cannot be recorded must not change what happens to
 * the mail. They are called from event loops and from many threads at once.
 */
@FunctionalInterface
public interface MailEvents {
    void record(MailEvent event);
}
