/** A server that is killed, starved of disk and damaged under load: what it answered 250 for must be there. */
@NullMarked
package org.relais.crash;

import org.jspecify.annotations.NullMarked;
