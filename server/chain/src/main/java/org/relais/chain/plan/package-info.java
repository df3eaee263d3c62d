/** The shape of a mailet chain, without its mailets: what a position in it means and whether it still means the same. */
@NullMarked
package org.relais.chain.plan;

import org.jspecify.annotations.NullMarked;
