/** Names looked up: asynchronously, with a deadline, cached as long as the answer says. */
@NullMarked
package org.relais.dns;

import org.jspecify.annotations.NullMarked;
