/** When and where a mail that could not be processed is tried again. */
@NullMarked
package org.relais.chain.retry;

import org.jspecify.annotations.NullMarked;
