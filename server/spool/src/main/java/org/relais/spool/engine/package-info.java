/**
 * The durable spool: index, claims and group commit over a {@link org.relais.spool.engine.RecordStore}, which knows
 * how records lie on disk and nothing of mail.
 */
@NullMarked
package org.relais.spool.engine;

import org.jspecify.annotations.NullMarked;
