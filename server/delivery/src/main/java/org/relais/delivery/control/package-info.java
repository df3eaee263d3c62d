/** What the operator decided about deliveries: suspensions and reroutes, kept in a file. */
@NullMarked
package org.relais.delivery.control;

import org.jspecify.annotations.NullMarked;
