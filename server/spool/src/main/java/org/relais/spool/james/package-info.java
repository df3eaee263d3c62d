/** Apache James's messages, mails, queues and repositories over the spool. The pure parts are in {@code spool.mail}. */
@NullMarked
package org.relais.spool.james;

import org.jspecify.annotations.NullMarked;
