/** The listeners that relais.xml names, from their settings to the bound socket. */
@NullMarked
package org.relais.distribution.listener;

import org.jspecify.annotations.NullMarked;
