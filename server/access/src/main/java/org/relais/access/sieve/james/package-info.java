/** The ManageSieve server: our session over James's Sieve repository and our transport. */
@NullMarked
package org.relais.access.sieve.james;

import org.jspecify.annotations.NullMarked;
