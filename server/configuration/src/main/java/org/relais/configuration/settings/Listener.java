package org.relais.configuration.settings;

import java.net.InetAddress;
import java.util.List;

/**
 * One address and port on which a protocol is spoken.
 *
 * @param port 0 to 65535; 0 takes any free port
 * @param proxyFrom who connects from there must begin with PROXY v1 or v2, and nobody else may
 * @param hooks plug-ins, in the order in which they are asked
 * @param line where relais.xml names it; 1 for a default
 */
public record Listener(
        Protocol protocol,
        InetAddress address,
        int port,
        TlsMode tls,
        List<Network> proxyFrom,
        List<HookSettings> hooks,
        int line) {
    public Listener {
        proxyFrom = List.copyOf(proxyFrom);
        hooks = List.copyOf(hooks);
    }

    /** As a message names it: {@code smtp listener 127.0.0.1:25}. */
    public String inWords() {
        return protocol.word() + " listener " + IpAddresses.beforePort(address) + ":" + port;
    }
}
