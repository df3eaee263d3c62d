/** What Relais does on this machine: a server of its own, a load for it, and a sink behind it. */
@NullMarked
package org.relais.administration.benchmark;

import org.jspecify.annotations.NullMarked;
