package org.relais.mailets.delivery;

import java.net.InetAddress;

/**
 * One address of one host that may take a mail.
 *
 * @param host the name that a certificate must carry
 * @param address carries {@code host} as its name, so that nobody looks it up again
 */
record NextHop(String host, InetAddress address, int port, boolean isImplicitTls) {
    @Override
    public String toString() {
        return host + "[" + address.getHostAddress() + "]:" + port;
    }
}
