/** When a deferred mail is tried again, by destination, kind of error and age. Pure. */
@NullMarked
package org.relais.delivery.retry;

import org.jspecify.annotations.NullMarked;
