/** SMTP and LMTP servers for tests: one that answers as scripted, one that keeps every octet. */
@NullMarked
package org.relais.testkit.smtp;

import org.jspecify.annotations.NullMarked;
