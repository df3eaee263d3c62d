/** One mail through submission, chain, IMAP and POP3, told line by line. */
@NullMarked
package org.relais.administration.selftest;

import org.jspecify.annotations.NullMarked;
