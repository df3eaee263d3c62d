/** Joins the receiving sessions to James: its directory and its spool queue. */
@NullMarked
package org.relais.access.smtp.james;

import org.jspecify.annotations.NullMarked;
