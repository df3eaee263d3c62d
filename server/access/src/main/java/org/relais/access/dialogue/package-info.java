/** A protocol of commands and replies, one after the other (POP3, ManageSieve), without James, Netty or sockets. */
@NullMarked
package org.relais.access.dialogue;

import org.jspecify.annotations.NullMarked;
