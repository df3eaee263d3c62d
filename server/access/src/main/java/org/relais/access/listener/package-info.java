/** Puts the receiving sessions of SMTP, submission and LMTP onto sockets. */
@NullMarked
package org.relais.access.listener;

import org.jspecify.annotations.NullMarked;
