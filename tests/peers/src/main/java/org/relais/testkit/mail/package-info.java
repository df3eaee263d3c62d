/** Odd mails, and the comparison of what was sent with what came out. */
@NullMarked
package org.relais.testkit.mail;

import org.jspecify.annotations.NullMarked;
