/** A bounded load of mails over several connections. */
@NullMarked
package org.relais.testkit.load;

import org.jspecify.annotations.NullMarked;
