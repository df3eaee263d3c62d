/** What everything else stands on: files, clock, metrics, events, DNS, users. */
@NullMarked
package org.relais.distribution.foundation;

import org.jspecify.annotations.NullMarked;
