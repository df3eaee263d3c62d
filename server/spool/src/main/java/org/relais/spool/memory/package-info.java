/** The spool's twin in memory, for tests and for what need not outlive the process. */
@NullMarked
package org.relais.spool.memory;

import org.jspecify.annotations.NullMarked;
