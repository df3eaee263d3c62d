/** What brings mail to other hosts: DNS, connections, the engine. */
@NullMarked
package org.relais.distribution.delivery;

import org.jspecify.annotations.NullMarked;
