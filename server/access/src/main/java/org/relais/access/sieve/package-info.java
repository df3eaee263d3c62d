/** The ManageSieve session of RFC 5804, without James, Netty or sockets. */
@NullMarked
package org.relais.access.sieve;

import org.jspecify.annotations.NullMarked;
