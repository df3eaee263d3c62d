/** The POP3 session of RFC 1939 with RFC 2449, 2595 and 3206, without James, Netty or sockets. */
@NullMarked
package org.relais.access.pop3;

import org.jspecify.annotations.NullMarked;
