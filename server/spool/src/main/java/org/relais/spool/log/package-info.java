/**
 * The spool's own record store: an append-only log in segments, a checkpoint of the index beside it, and a compaction
 * that moves what stays long out of the way. The format is described in docs/spool-format.md.
 */
@NullMarked
package org.relais.spool.log;

import org.jspecify.annotations.NullMarked;
