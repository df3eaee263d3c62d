/** The spool of this server: its settings and its binding. */
@NullMarked
package org.relais.distribution.spool;

import org.jspecify.annotations.NullMarked;
