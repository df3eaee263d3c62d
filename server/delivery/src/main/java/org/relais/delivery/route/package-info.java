/** Where a mail goes: routes, MX hosts, addresses. */
@NullMarked
package org.relais.delivery.route;

import org.jspecify.annotations.NullMarked;
