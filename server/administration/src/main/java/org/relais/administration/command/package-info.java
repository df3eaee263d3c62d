/** The command line. */
@NullMarked
package org.relais.administration.command;

import org.jspecify.annotations.NullMarked;
