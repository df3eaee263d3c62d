/** Delivery to other hosts, made from the settings. */
@NullMarked
package org.relais.distribution.delivery;

import org.jspecify.annotations.NullMarked;
