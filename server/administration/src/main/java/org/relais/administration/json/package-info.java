/** JSON (RFC 8259), read and written without reflection, because a command's cold start pays for it. */
@NullMarked
package org.relais.administration.json;

import org.jspecify.annotations.NullMarked;
