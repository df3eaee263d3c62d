/** Plain line clients for SMTP, IMAP, POP3 and ManageSieve, as a person would type them. */
@NullMarked
package org.relais.testkit.dialogue;

import org.jspecify.annotations.NullMarked;
