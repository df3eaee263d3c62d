package org.relais.configuration.chain.declaration;

/** Where a mailet leaves the recipients it was given. */
public sealed interface Ending {
    /** They go on to the next mailet. */
    record Never() implements Ending {}

    /** Nothing behind the mailet in this processor sees them. */
    record Always() implements Ending {}

    /** They end here if the parameter, or its default, has this value. */
    record When(String parameter, String value) implements Ending {}

    /** They always go to the processor that the parameter names. */
    record Moves(String parameter) implements Ending {}

    /** Not declared: they may end, move or go on. */
    record Unknown() implements Ending {}
}
