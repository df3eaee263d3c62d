/** Joins the receiving sessions to James's directory. */
@NullMarked
package org.relais.access.smtp.james;

import org.jspecify.annotations.NullMarked;
