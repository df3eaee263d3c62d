package org.relais.configuration;

import java.nio.file.Path;
import java.util.List;

/**
 * A check of one part of a home's {@code conf} folder, plugged into the check that {@code relais config check} and
 * {@code relais run} both call.
 *
 * <p>Reads only, finds all it can in one go, and answers what it finds rather than throwing: a file that is missing or
 * malformed is a finding. May be called by any thread.
 */
@FunctionalInterface
public interface FurtherCheck {
    List<Finding> check(Path confDirectory);
}
