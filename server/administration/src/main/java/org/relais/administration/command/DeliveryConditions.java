package org.relais.administration.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which mail an order is about: what fulfils every condition. Filled by picocli; for one command. */
final class DeliveryConditions {
    @Parameters(arity = "0..*", paramLabel = "ID", description = "Queue ids, as the 250 and the log name them.")
    @Nullable
    List<String> ids;

    @Option(
            names = "--destination",
            paramLabel = "DOMAIN",
            description = "To recipients of that domain, or by that next hop, as stats names it.")
    @Nullable
    String destination;

    @Option(names = "--sender", paramLabel = "ADDRESS", description = "From that address; <> for bounces.")
    @Nullable
    String sender;

    @Option(names = "--recipient", paramLabel = "ADDRESS", description = "To that address.")
    @Nullable
    String recipient;

    /** As parameters of the REST API; empty if there is no condition. */
    Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        if (ids != null && !ids.isEmpty()) {
            parameters.put("id", String.join(",", ids));
        }
        put(parameters, "destination", destination);
        put(parameters, "sender", QueueConditions.bare(sender));
        put(parameters, "recipient", QueueConditions.bare(recipient));
        return parameters;
    }

    static void put(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }
}
