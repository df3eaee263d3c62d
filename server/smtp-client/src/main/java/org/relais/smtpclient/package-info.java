/** Mail handed to other servers in SMTP and LMTP, over connections that are kept and shared. */
@NullMarked
package org.relais.smtpclient;

import org.jspecify.annotations.NullMarked;
