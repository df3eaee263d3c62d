/**
 * What the spool keeps in memory about what is on disk: about 120 bytes for an envelope and its message, so that a
 * million deferred mails need little heap. Nothing here is safe for use by several threads; the engine's lock guards it.
 */
@NullMarked
package org.relais.spool.index;

import org.jspecify.annotations.NullMarked;
