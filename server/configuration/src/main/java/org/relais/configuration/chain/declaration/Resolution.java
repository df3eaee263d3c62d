package org.relais.configuration.chain.declaration;

/** What a name in a chain stands for. */
public sealed interface Resolution<D> {
    /** A class that the chain can run. */
    record Found<D>(D declaration) implements Resolution<D> {}

    /** Nothing that the chain can run: why, and what to write instead. */
    record Rejected<D>(String message, String remedy) implements Resolution<D> {}
}
