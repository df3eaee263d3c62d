/** The assembly: the only place that sees every module, and where Guice lives. */
@NullMarked
package org.relais.distribution;

import org.jspecify.annotations.NullMarked;
