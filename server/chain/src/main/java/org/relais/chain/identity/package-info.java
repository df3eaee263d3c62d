/** Names of mails and of their parts. */
@NullMarked
package org.relais.chain.identity;

import org.jspecify.annotations.NullMarked;
