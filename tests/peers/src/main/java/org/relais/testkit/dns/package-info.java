/** A DNS server in the JVM with zones written in the test. */
@NullMarked
package org.relais.testkit.dns;

import org.jspecify.annotations.NullMarked;
