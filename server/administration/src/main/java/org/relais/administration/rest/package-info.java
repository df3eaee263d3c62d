/** The routes of the administration's REST API. */
@NullMarked
package org.relais.administration.rest;

import org.jspecify.annotations.NullMarked;
