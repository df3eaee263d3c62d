package org.relais.delivery.convert;

import java.io.InputStream;
import java.util.List;

/** Whether and how a content becomes one of 7bit MIME. */
public sealed interface Conversion {

    /**
     * What is to be changed; all else stays octet for octet.
     *
     * @param size of the result, in octets
     * @param edits in the order of the original, none over another
     */
    record Plan(long size, List<Edit> edits) implements Conversion {
        public Plan {
            edits = List.copyOf(edits);
        }

        /** @param original the octets that the plan was made from; closed with the result */
        public InputStream apply(InputStream original) {
            return new ConvertedStream(original, edits);
        }
    }

    /**
     * It cannot be converted without breaking what it is.
     *
     * @param why for people, to stand behind a colon
     */
    record Refused(String why) implements Conversion {}
}
