/** How a command reaches the server of its home. */
@NullMarked
package org.relais.administration.client;

import org.jspecify.annotations.NullMarked;
