package org.relais.journal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.relais.model.event.MailEvent;
import org.relais.model.event.MailEventKind;
import org.relais.model.event.MailEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes one line per event, with key-value pairs, on the logger {@code relais.mail}.
 *
 * <p>What an administrator follows (received, deferred, delivered, bounced, …) is INFO, the steps in between are DEBUG.
 * Values that came from outside have their control characters replaced and their length bounded, so that no client
 * forges or floods a log. Safe for use by many threads.
 */
public final class LoggedMailEvents implements MailEvents {
    public static final String LOGGER_NAME = "relais.mail";

    private static final int MAX_VALUE_LENGTH = 512;
    private static final int MAX_FORWARD_PATHS = 20;
    private static final Set<MailEventKind> DETAILS = Set.of(MailEventKind.ACTED, MailEventKind.QUEUED);

    private final Logger logger = LoggerFactory.getLogger(LOGGER_NAME);

    @Override
    public void record(MailEvent event) {
        Level level = event.isDetail() || DETAILS.contains(event.kind()) ? Level.DEBUG : Level.INFO;
        if (!logger.isEnabledForLevel(level)) {
            return;
        }
        LoggingEventBuilder line = logger.atLevel(level);
        for (Map.Entry<String, String> pair : pairs(event).entrySet()) {
            line = line.addKeyValue(pair.getKey(), pair.getValue());
        }
        line.log(event.kind().word());
    }

    private static Map<String, String> pairs(MailEvent event) {
        Map<String, String> pairs = new LinkedHashMap<>();
        event.queueId().ifPresent(id -> pairs.put("queueId", id.value()));
        event.reversePath().ifPresent(path -> pairs.put("reversePath", "<" + clean(path) + ">"));
        if (!event.forwardPaths().isEmpty()) {
            pairs.put("forwardPath", forwardPaths(event));
        }
        event.fields().forEach((field, value) -> pairs.put(field.key(), clean(value)));
        return pairs;
    }

    private static String forwardPaths(MailEvent event) {
        StringBuilder text = new StringBuilder();
        event.forwardPaths().stream()
                .limit(MAX_FORWARD_PATHS)
                .forEach(path -> text.append(text.length() == 0 ? "<" : ",<")
                        .append(clean(path))
                        .append('>'));
        int more = event.forwardPaths().size() - MAX_FORWARD_PATHS;
        return more > 0 ? text + " and " + more + " more" : text.toString();
    }

    private static String clean(String value) {
        String bounded = value.length() > MAX_VALUE_LENGTH ? value.substring(0, MAX_VALUE_LENGTH) + "…" : value;
        @Nullable StringBuilder text = null;
        for (int i = 0; i < bounded.length(); i++) {
            if (Character.isISOControl(bounded.charAt(i)) || bounded.charAt(i) == '"') {
                if (text == null) {
                    text = new StringBuilder(bounded);
                }
                text.setCharAt(i, bounded.charAt(i) == '"' ? '\'' : '?');
            }
        }
        return text == null ? bounded : text.toString();
    }
}
