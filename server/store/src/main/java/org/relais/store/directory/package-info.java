/** Who and what lives here: domains, users, and rewriting rules, kept in one file and answered from memory. */
@NullMarked
package org.relais.store.directory;

import org.jspecify.annotations.NullMarked;
