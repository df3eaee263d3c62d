/** A mailet and a matcher of one's own for Relais. */
@NullMarked
package com.example.mail;

import org.jspecify.annotations.NullMarked;
