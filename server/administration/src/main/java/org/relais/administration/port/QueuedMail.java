package org.relais.administration.port;

import java.util.List;
import java.util.Map;

/**
 * All that is known of a mail in the spool.
 *
 * @param isComplete whether these are all of its envelopes; of very many only the first are shown
 */
public record QueuedMail(String queueId, List<Part> parts, List<Message> messages, boolean isComplete) {
    public QueuedMail {
        parts = List.copyOf(parts);
        messages = List.copyOf(messages);
    }

    /**
     * An envelope with the state that chain and delivery keep.
     *
     * @param message the number of its message
     * @param name of the mail it is a part of
     * @param processor where it goes on in the chain
     * @param delivery which delivery sends it; empty before
     * @param ending how it leaves if the chain ends it; empty: not known before
     * @param attributes by name, in JSON
     * @param ownFields header fields for this forward-path alone
     * @param problem why its state cannot be told; empty if it can
     */
    public record Part(
            QueuedEnvelope envelope,
            long message,
            String name,
            String processor,
            String error,
            String client,
            String delivery,
            String ending,
            Map<String, String> attributes,
            List<String> ownFields,
            String problem) {
        public Part {
            attributes = Map.copyOf(attributes);
            ownFields = List.copyOf(ownFields);
        }
    }

    /**
     * A message.
     *
     * @param size octets, with the fields on top; -1 if it cannot be read
     * @param header its header section, as far as it is within the first 64 KiB
     * @param problem why it cannot be read; empty if it can
     */
    public record Message(long number, long size, String header, String problem) {}
}
