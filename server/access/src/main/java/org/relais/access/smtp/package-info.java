/** The receiving side of SMTP, submission and LMTP: syntax, session and content, without sockets and without James. */
@NullMarked
package org.relais.access.smtp;

import org.jspecify.annotations.NullMarked;
