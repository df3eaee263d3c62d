/** James's users, domains, rewriting and thread look-up over ours. */
@NullMarked
package org.relais.store.james;

import org.jspecify.annotations.NullMarked;
