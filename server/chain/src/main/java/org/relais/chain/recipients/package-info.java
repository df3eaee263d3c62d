/** What a matcher's answer does to the recipients of a mail. */
@NullMarked
package org.relais.chain.recipients;

import org.jspecify.annotations.NullMarked;
