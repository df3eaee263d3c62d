/** The check of the hooks that relais.xml names. */
@NullMarked
package org.relais.configuration.hook;

import org.jspecify.annotations.NullMarked;
