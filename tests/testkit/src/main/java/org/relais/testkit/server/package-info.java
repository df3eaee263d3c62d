/** Relais under test: inside the JVM or as a process of its own. */
@NullMarked
package org.relais.testkit.server;

import org.jspecify.annotations.NullMarked;
