package org.relais.access.imap;

/** What the next octets of a connection amounted to. */
public sealed interface Framed {

    /** Nothing yet: more octets are needed. */
    record Incomplete() implements Framed {}

    /** The client waits for a continuation request before it sends its literal. */
    record LiteralAwaited() implements Framed {}

    /**
     * One whole command; who takes it closes its octets.
     *
     * @param tag what its replies begin with; {@code *} if it has none
     * @param name the command's name in upper case; empty if there is none
     */
    record Command(String tag, String name, CommandOctets octets) implements Framed {}

    /** One line of a dialogue within a command (AUTHENTICATE, IDLE), its line break included, one char per octet. */
    record Line(String octets) implements Framed {}

    /**
     * A command that broke a bound; its octets are gone.
     *
     * @param response the response to write, without line break
     * @param closes whether the connection has to be closed after it, because what follows cannot be told from a
     *     command any more
     */
    record Refused(String response, boolean closes) implements Framed {}
}
