/** The checks that {@code relais config check} and {@code relais run} both make. */
@NullMarked
package org.relais.configuration.check;

import org.jspecify.annotations.NullMarked;
