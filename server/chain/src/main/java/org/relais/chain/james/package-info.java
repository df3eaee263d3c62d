/** Runs the chains on James's mails, mailets and queues. */
@NullMarked
package org.relais.chain.james;

import org.jspecify.annotations.NullMarked;
