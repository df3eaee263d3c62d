/** Puts received mail into the spool. */
@NullMarked
package org.relais.access.smtp.spool;

import org.jspecify.annotations.NullMarked;
