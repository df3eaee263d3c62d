/** When which mail goes out: pure decisions on an injected clock, without threads, files or sockets. */
@NullMarked
package org.relais.delivery.schedule;

import org.jspecify.annotations.NullMarked;
