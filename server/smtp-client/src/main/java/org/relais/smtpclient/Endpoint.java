package org.relais.smtpclient;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A server and how to speak to it. Connections are shared between those that are equal but for
 * {@link TlsPolicy#reason()}, and never otherwise.
 *
 * @param host the name its certificate must show
 * @param address where it is
 * @param port 1 to 65535
 * @param credentials for AUTH; sent under TLS only, unless the policy's level is {@link TlsPolicy.Level#NONE}
 */
public record Endpoint(
        String host,
        InetAddress address,
        int port,
        Protocol protocol,
        TlsPolicy tls,
        Identity identity,
        Optional<Credentials> credentials) {

    /** @param source the local address that connections come from; empty: the system's choice */
    public record Identity(String heloName, Optional<InetAddress> source) {}

    /** The same, with another {@link TlsPolicy#reason()}. */
    public Endpoint because(String reason) {
        TlsPolicy policy = new TlsPolicy(tls.level(), tls.isImplicit(), reason);
        return new Endpoint(host, address, port, protocol, policy, identity, credentials);
    }

    /** Where connections to it go. */
    public InetSocketAddress place() {
        return new InetSocketAddress(address, port);
    }

    @Override
    public String toString() {
        return host + "[" + address.getHostAddress() + "]:" + port;
    }
}
