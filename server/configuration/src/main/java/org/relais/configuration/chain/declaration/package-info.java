/** What is known of mailets and matchers without loading them: their parameters, conditions and where they leave a mail. */
@NullMarked
package org.relais.configuration.chain.declaration;

import org.jspecify.annotations.NullMarked;
