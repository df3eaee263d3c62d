/** Reads and checks relais.xml: from elements to settings, or to everything that is wrong with it. */
@NullMarked
package org.relais.configuration.relaisxml;

import org.jspecify.annotations.NullMarked;
