/** What all mail listeners share: event loops, TLS, PROXY preface, limits and drain. Knows no protocol. */
@NullMarked
package org.relais.access.transport;

import org.jspecify.annotations.NullMarked;
