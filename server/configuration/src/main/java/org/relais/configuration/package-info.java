/** What every check of the configuration shares: the finding, and the port through which further checks are plugged in. */
@NullMarked
package org.relais.configuration;

import org.jspecify.annotations.NullMarked;
