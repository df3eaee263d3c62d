/** What happened to a mail, step by step: one small port for every module that acts on mail. */
@NullMarked
package org.relais.model.event;

import org.jspecify.annotations.NullMarked;
