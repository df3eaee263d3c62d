/** Takes what is due from the spool, sends it, and commits what came of it. */
@NullMarked
package org.relais.delivery.engine;

import org.jspecify.annotations.NullMarked;
