/** Conditions for the chains. */
@NullMarked
package org.relais.matchers;

import org.jspecify.annotations.NullMarked;
