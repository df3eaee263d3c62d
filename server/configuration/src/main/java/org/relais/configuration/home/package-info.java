/** The home of one relay: its folders, how one is made, and that only one relay runs on it. */
@NullMarked
package org.relais.configuration.home;

import org.jspecify.annotations.NullMarked;
