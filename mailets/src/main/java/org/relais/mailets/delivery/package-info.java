/** Mailets that end a mail's way through the chain: into mailboxes, and to the next hop. */
@NullMarked
package org.relais.mailets.delivery;

import org.jspecify.annotations.NullMarked;
