package org.relais.configuration.chain;

/** Which recipients a matcher can match, as far as the declarations tell; from the surest to the least sure. */
enum Reach {
    /** Every recipient, always. */
    ALL,
    /** Some, and the same ones whenever it is asked again. */
    SOME,
    /** Some, by header fields or attributes that a mailet may have written since. */
    SOME_BY_MARKS,
    /** Some, and others when it is asked again. */
    SOME_COUNTING,
    /** A plug-in that says nothing about itself, or a name that stands for nothing. */
    UNKNOWN
}
