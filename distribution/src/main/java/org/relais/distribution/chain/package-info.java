/** The mailet chain: its loaders, its context, its repositories. */
@NullMarked
package org.relais.distribution.chain;

import org.jspecify.annotations.NullMarked;
