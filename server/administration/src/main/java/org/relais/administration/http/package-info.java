/** A small HTTP server on loopback: the token first, then routing; bounded bodies, deadlines, JSON. */
@NullMarked
package org.relais.administration.http;

import org.jspecify.annotations.NullMarked;
