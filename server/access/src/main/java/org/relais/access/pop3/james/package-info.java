/** The POP3 server: our session over James's mailboxes and our transport. */
@NullMarked
package org.relais.access.pop3.james;

import org.jspecify.annotations.NullMarked;
