/** Where the events of mails go: today the log and the counters, later a searchable journal. */
@NullMarked
package org.relais.journal;

import org.jspecify.annotations.NullMarked;
