/** Mailboxes, on the memory modules of James until the store replaces them. */
@NullMarked
package org.relais.distribution.mailbox;

import org.jspecify.annotations.NullMarked;
