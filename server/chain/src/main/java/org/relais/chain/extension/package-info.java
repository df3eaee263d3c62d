/** Mailets and matchers that an administrator put into {@code conf/extensions}. */
@NullMarked
package org.relais.chain.extension;

import org.jspecify.annotations.NullMarked;
