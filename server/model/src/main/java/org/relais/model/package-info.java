/** Values that every module speaks of: queue ids, replies, enhanced status codes. Depends on nothing, not even on James. */
@NullMarked
package org.relais.model;

import org.jspecify.annotations.NullMarked;
