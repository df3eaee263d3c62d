/** Lets James's command and message hooks have their say in our sessions. */
@NullMarked
package org.relais.access.smtp.james.hooks;

import org.jspecify.annotations.NullMarked;
