/** The IMAP server: James's parsers and processors behind our framing, order and transport. */
@NullMarked
package org.relais.access.imap.james;

import org.jspecify.annotations.NullMarked;
