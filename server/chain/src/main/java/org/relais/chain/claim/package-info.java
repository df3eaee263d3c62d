/** Working on claims of the spool: who gets which, how long they last, and how what came of them is committed. */
@NullMarked
package org.relais.chain.claim;

import org.jspecify.annotations.NullMarked;
