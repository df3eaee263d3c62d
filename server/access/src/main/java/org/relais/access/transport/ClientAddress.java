package org.relais.access.transport;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The true address of a connection's client: the one named by a trusted PROXY preface, else the peer's. */
public final class ClientAddress {
    private static final AttributeKey<InetSocketAddress> KEY = AttributeKey.valueOf("relais.client");

    private ClientAddress() {}

    public static InetSocketAddress of(Channel channel) {
        @Nullable InetSocketAddress known = channel.attr(KEY).get();
        return known != null ? known : (InetSocketAddress) channel.remoteAddress();
    }

    static void set(Channel channel, InetSocketAddress address) {
        channel.attr(KEY).set(address);
    }
}
