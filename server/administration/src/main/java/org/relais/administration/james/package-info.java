/** The administration's ports over James's repositories. */
@NullMarked
package org.relais.administration.james;

import org.jspecify.annotations.NullMarked;
