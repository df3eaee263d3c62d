/**
 * The spool: what was accepted and is not yet done with.
 *
 * <p>A <em>message</em> is bytes, written once and never changed. An <em>envelope</em> is the delivery state of one
 * forward-path and points to a message; many envelopes may share one. {@link org.relais.spool.Spool} is the contract;
 * {@code org.relais.spool.memory} keeps it in memory, {@code org.relais.spool.engine} on disk.
 */
@NullMarked
package org.relais.spool;

import org.jspecify.annotations.NullMarked;
