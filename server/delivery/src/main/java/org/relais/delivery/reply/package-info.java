/** What the replies of remote MTAs mean: RFC 3463, and the words of real servers. Pure. */
@NullMarked
package org.relais.delivery.reply;

import org.jspecify.annotations.NullMarked;
