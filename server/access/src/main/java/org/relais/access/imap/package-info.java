/** IMAP's framing: commands cut out of octets under bounds, without James, Netty or sockets. */
@NullMarked
package org.relais.access.imap;

import org.jspecify.annotations.NullMarked;
