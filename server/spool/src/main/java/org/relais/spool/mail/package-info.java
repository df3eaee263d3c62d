/** What Relais remembers of a mail beside its bytes and its envelope: the meaning of an envelope's opaque state. */
@NullMarked
package org.relais.spool.mail;

import org.jspecify.annotations.NullMarked;
