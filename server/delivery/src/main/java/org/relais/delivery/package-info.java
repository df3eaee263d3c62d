/** Mail for other hosts: where it goes, when it is tried, what came of it, and what its sender is told. */
@NullMarked
package org.relais.delivery;

import org.jspecify.annotations.NullMarked;
