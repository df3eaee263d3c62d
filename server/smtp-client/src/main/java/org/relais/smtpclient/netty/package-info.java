/** The client on sockets: connections that are kept and shared, TLS, deadlines. */
@NullMarked
package org.relais.smtpclient.netty;

import org.jspecify.annotations.NullMarked;
