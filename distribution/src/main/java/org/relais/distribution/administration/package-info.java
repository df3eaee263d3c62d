/** What the administration can see of the server and do to it. */
@NullMarked
package org.relais.distribution.administration;

import org.jspecify.annotations.NullMarked;
