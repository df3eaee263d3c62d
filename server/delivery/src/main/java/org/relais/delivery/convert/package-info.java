/** From a content that a next hop does not take to one of 7bit MIME (RFC 6152 §3). Pure: octets in, octets out. */
@NullMarked
package org.relais.delivery.convert;

import org.jspecify.annotations.NullMarked;
