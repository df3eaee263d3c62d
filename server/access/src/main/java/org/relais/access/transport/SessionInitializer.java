package org.relais.access.transport;

import io.netty.channel.Channel;

/** What a protocol gives to the transport. Called on event loops, from several threads at once. */
public interface SessionInitializer {
    /**
     * Adds the protocol's handlers at the end of the pipeline.
     *
     * <p>The client's address is known ({@link ClientAddress}), implicit TLS is in place, and {@code channelActive} is
     * fired afterwards. The last handler answers {@link Drain#REQUESTED}.
     */
    void initSession(Channel channel);

    /** The lines, each with CRLF, that a client is told before the connection is closed; empty for none. */
    String farewell(Refusal refusal);
}
