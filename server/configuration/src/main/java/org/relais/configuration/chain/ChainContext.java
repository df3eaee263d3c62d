package org.relais.configuration.chain;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * What values in a chain may refer to.
 *
 * @param processors the names of the chain's processors, in order
 * @param classes whether a class of that name is there
 * @param directory the folder that relative files of Relais's own mailets and of plug-ins stand in
 */
record ChainContext(List<String> processors, Predicate<String> classes, Path directory) {
    /** The state of a mail that has ended; it can be named like a processor. */
    static final String ENDED = "ghost";

    ChainContext {
        processors = List.copyOf(processors);
    }
}
