/** What relaying needs to know and what it finds out, without James and JavaMail: settings, replies, outcomes. */
@NullMarked
package org.relais.mailets.relay;

import org.jspecify.annotations.NullMarked;
