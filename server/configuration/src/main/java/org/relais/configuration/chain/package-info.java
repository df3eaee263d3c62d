/** The check of {@code mailetcontainer.xml}: every error in one go, before anything starts, without loading a mailet. */
@NullMarked
package org.relais.configuration.chain;

import org.jspecify.annotations.NullMarked;
