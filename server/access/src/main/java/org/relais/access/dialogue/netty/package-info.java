/** Carries a dialogue over a connection of the transport. */
@NullMarked
package org.relais.access.dialogue.netty;

import org.jspecify.annotations.NullMarked;
