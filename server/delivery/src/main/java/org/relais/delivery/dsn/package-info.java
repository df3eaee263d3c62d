/** Delivery status notifications: who is told what (RFC 3461), and the message that tells it (RFC 3464). Pure. */
@NullMarked
package org.relais.delivery.dsn;

import org.jspecify.annotations.NullMarked;
