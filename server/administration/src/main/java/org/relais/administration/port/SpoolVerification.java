package org.relais.administration.port;

import java.nio.file.Path;
import java.util.List;

/** Reads the spools of a home that no server has open, to their last octet. Changes nothing; takes as long as the disk. */
@FunctionalInterface
public interface SpoolVerification {
    /**
     * @param data the home's data folder
     * @return one report for each spool that is there
     * @throws Refusal if a spool cannot be read at all, or a server has it open
     */
    List<Report> verify(Path data) throws Refusal;

    /**
     * What was found in one spool.
     *
     * @param spool its folder within the data folder
     * @param torn unfinished ends, as a crash leaves them: never acknowledged, harmless
     */
    record Report(
            String spool,
            int segments,
            long records,
            long bytes,
            long envelopes,
            List<QueueDamage> damages,
            List<QueueDamage> torn) {
        public Report {
            damages = List.copyOf(damages);
            torn = List.copyOf(torn);
        }
    }
}
