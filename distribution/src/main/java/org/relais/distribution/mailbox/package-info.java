/** Mailboxes and queues, on the memory modules of James until the store and the spool replace them. */
@NullMarked
package org.relais.distribution.mailbox;

import org.jspecify.annotations.NullMarked;
