/** Lets James's own servers (IMAP, POP3, ManageSieve) stand on our transport. */
@NullMarked
package org.relais.access.transport.james;

import org.jspecify.annotations.NullMarked;
