/** SMTP and LMTP as a client speaks them, without sockets: what to say next, given what was answered. */
@NullMarked
package org.relais.smtpclient.protocol;

import org.jspecify.annotations.NullMarked;
