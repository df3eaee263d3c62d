package org.relais.administration.rest;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.relais.administration.http.RestRequest;
import org.relais.administration.port.Printable;
import org.relais.administration.port.QueueAdministration;
import org.relais.administration.port.QueueSelection;
import org.relais.administration.port.QueueSelection.Stage;
import org.relais.administration.port.Refusal;
import org.relais.model.QueueId;

/** Reads which envelopes a request means, and which page of them. What it does not know it refuses. */
final class QueueRequest {
    static final int USUAL_LIMIT = 100;

    private static final Set<String> NAMES = Set.of(
            "id",
            "stage",
            "destination",
            "sender",
            "recipient",
            "reason",
            "older",
            "newer",
            "held",
            "removed",
            "asOf",
            "after",
            "limit");

    private final RestRequest request;

    QueueRequest(RestRequest request) throws Refusal {
        this.request = request;
        var unknown = new TreeSet<>(request.query().keySet());
        unknown.removeAll(NAMES);
        if (!unknown.isEmpty()) {
            throw invalid("unknown condition " + unknown.first(), "one of " + String.join(", ", new TreeSet<>(NAMES)));
        }
    }

    QueueSelection selection() throws Refusal {
        return new QueueSelection(
                ids(),
                stage(),
                text("destination"),
                text("sender"),
                text("recipient"),
                text("reason"),
                duration("older"),
                duration("newer"),
                flag("held"),
                flag("removed"),
                asOf());
    }

    /** Behind which envelope the page begins; 0: from the start. */
    long after() throws Refusal {
        return number("after", 0, Long.MAX_VALUE, 0);
    }

    int limit() throws Refusal {
        return (int) number("limit", 1, QueueAdministration.MOST_AT_ONCE, USUAL_LIMIT);
    }

    private List<String> ids() throws Refusal {
        var text = text("id");
        if (text == null) {
            return List.of();
        }
        var ids = Arrays.stream(text.split(",")).distinct().toList();
        if (ids.size() > QueueSelection.MOST_IDS) {
            throw invalid(ids.size() + " ids at once", "name at most " + QueueSelection.MOST_IDS);
        }
        for (var id : ids) {
            checkId(id);
        }
        return ids;
    }

    /** Refuses what cannot be a queue id. */
    static String checkId(String text) throws Refusal {
        try {
            return new QueueId(text).value();
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    "'" + Printable.of(text) + "' is no queue id",
                    "take it from the 250 of the mail, or from relais queue list",
                    e);
        }
    }

    private @Nullable Stage stage() throws Refusal {
        var text = text("stage");
        if (text == null) {
            return null;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "chain" -> Stage.CHAIN;
            case "delivery" -> Stage.DELIVERY;
            default -> throw invalid("there is no stage '" + Printable.of(text) + "'", "chain or delivery");
        };
    }

    private @Nullable Instant asOf() throws Refusal {
        var text = text("asOf");
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new Refusal(Refusal.Kind.INVALID, "asOf is no time", "as 2026-11-23T06:00:00Z", e);
        }
    }

    private @Nullable Duration duration(String name) throws Refusal {
        var text = text(name);
        return text == null ? null : PointInTime.duration(name, text);
    }

    private boolean flag(String name) throws Refusal {
        return request.choice(name, List.of("false", "true")).equals("true");
    }

    private long number(String name, long least, long most, long absent) throws Refusal {
        var text = text(name);
        if (text == null) {
            return absent;
        }
        if (text.matches("[0-9]{1,18}")) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw invalid(
                name + ": '" + Printable.of(text) + "' is out of range",
                "a whole number from " + least + " to " + most);
    }

    private @Nullable String text(String name) {
        return request.query().get(name);
    }

    private static Refusal invalid(String what, String remedy) {
        return new Refusal(Refusal.Kind.INVALID, what, remedy);
    }
}
