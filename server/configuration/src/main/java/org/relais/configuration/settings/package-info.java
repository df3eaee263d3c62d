/**
 * What relais.xml says, as sealed values: validated before they exist, complete with their defaults, and free of any
 * knowledge of who uses them.
 */
@NullMarked
package org.relais.configuration.settings;

import org.jspecify.annotations.NullMarked;
