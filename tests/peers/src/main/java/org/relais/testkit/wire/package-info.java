/** Sockets with deadlines, bounds, TLS and a transcript: what the kit's servers and clients stand on. */
@NullMarked
package org.relais.testkit.wire;

import org.jspecify.annotations.NullMarked;
