/**
 * The settings of relais.xml, each declared once: name, type, bounds, default and one line of documentation. The check,
 * the XSD, the reference page and the commented file that {@code relais init} writes all come from here.
 */
@NullMarked
package org.relais.configuration.schema;

import org.jspecify.annotations.NullMarked;
