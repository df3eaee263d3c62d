/** What the administration needs of the rest of the server, and what the rest may refuse. */
@NullMarked
package org.relais.administration.port;

import org.jspecify.annotations.NullMarked;
