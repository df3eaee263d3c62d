/** What one step made of a mail. */
@NullMarked
package org.relais.chain.step;

import org.jspecify.annotations.NullMarked;
