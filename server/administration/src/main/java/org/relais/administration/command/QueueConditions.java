package org.relais.administration.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which envelopes a command means: those that fulfil every condition. Filled by picocli; for one command. */
final class QueueConditions {
    @Parameters(arity = "0..*", paramLabel = "ID", description = "Queue ids, as the 250 and the log name them.")
    @Nullable
    List<String> ids;

    @Option(names = "--stage", paramLabel = "STAGE", description = "chain or delivery.")
    @Nullable
    String stage;

    @Option(names = "--destination", paramLabel = "DOMAIN", description = "To recipients of that domain.")
    @Nullable
    String destination;

    @Option(names = "--sender", paramLabel = "ADDRESS", description = "From that address; <> for bounces.")
    @Nullable
    String sender;

    @Option(names = "--recipient", paramLabel = "ADDRESS", description = "To that address.")
    @Nullable
    String recipient;

    @Option(names = "--reason", paramLabel = "TEXT", description = "With that text in the last attempt's outcome.")
    @Nullable
    String reason;

    @Option(
            names = "--older",
            paramLabel = "TIME",
            description = "In the spool for that long at least: 90s, 30m, 2h, 5d.")
    @Nullable
    String older;

    @Option(names = "--newer", paramLabel = "TIME", description = "In the spool for that long at most.")
    @Nullable
    String newer;

    @Option(names = "--held", description = "Held one by one.")
    boolean isHeld;

    /** As parameters of the REST API. */
    Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        put(parameters, "id", ids().isEmpty() ? null : String.join(",", ids()));
        put(parameters, "stage", stage);
        put(parameters, "destination", destination);
        put(parameters, "sender", bare(sender));
        put(parameters, "recipient", bare(recipient));
        put(parameters, "reason", reason);
        put(parameters, "older", older);
        put(parameters, "newer", newer);
        put(parameters, "held", isHeld ? "true" : null);
        return parameters;
    }

    /** As they were typed, for a command that is to be typed next. */
    String words() {
        var words = new ArrayList<String>();
        word(words, "--stage", stage);
        word(words, "--destination", destination);
        word(words, "--sender", sender);
        word(words, "--recipient", recipient);
        word(words, "--reason", reason);
        word(words, "--older", older);
        word(words, "--newer", newer);
        if (isHeld) {
            words.add("--held");
        }
        words.addAll(ids());
        return String.join(" ", words);
    }

    boolean isEmpty() {
        return parameters().isEmpty();
    }

    List<String> ids() {
        return ids == null ? List.of() : ids;
    }

    static @Nullable String bare(@Nullable String path) {
        return path != null && path.startsWith("<") && path.endsWith(">") ? path.substring(1, path.length() - 1) : path;
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    private static void word(List<String> words, String option, @Nullable String value) {
        if (value != null) {
            words.add(option);
            words.add(Shell.quote(value));
        }
    }
}
