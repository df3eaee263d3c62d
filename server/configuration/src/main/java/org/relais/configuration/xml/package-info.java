/** Reads XML with the line of every element and attribute, and says in plain words what is malformed. */
@NullMarked
package org.relais.configuration.xml;

import org.jspecify.annotations.NullMarked;
