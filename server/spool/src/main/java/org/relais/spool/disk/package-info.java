/** Files as the spool needs them: appended to, synced, read without surprises; and blocks that carry their checksum. */
@NullMarked
package org.relais.spool.disk;

import org.jspecify.annotations.NullMarked;
