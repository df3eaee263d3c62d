/** What a mailet or matcher declares about itself, so that {@code relais config check} can check a chain without loading it. */
@NullMarked
package org.relais.extension;

import org.jspecify.annotations.NullMarked;
