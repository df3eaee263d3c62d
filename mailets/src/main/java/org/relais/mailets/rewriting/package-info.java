/** Mailets that put other forward-paths in the place of a mail's own. */
@NullMarked
package org.relais.mailets.rewriting;

import org.jspecify.annotations.NullMarked;
