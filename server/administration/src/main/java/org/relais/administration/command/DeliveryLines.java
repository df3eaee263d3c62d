package org.relais.administration.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.administration.port.Printable;

/** Destinations and orders in lines for people. */
final class DeliveryLines {
    private DeliveryLines() {}

    /** What {@code queue stats} says of delivery. */
    static List<String> of(Map<String, @Nullable Object> delivery) {
        var lines = new ArrayList<String>();
        Answers.objects(delivery, "orders").forEach(order -> lines.add(order(order)));
        for (var destination : Answers.objects(delivery, "destinations")) {
            lines.add(destination(destination));
        }
        return lines;
    }

    /** {@code order 3: suspended to example.org since …, until …: reason}. */
    static String order(Map<String, @Nullable Object> order) {
        var line = new StringBuilder("order ").append(Answers.text(order, "order"));
        var via = Answers.text(order, "via");
        line.append(via.isEmpty() ? ": suspended" : ": rerouted by " + Printable.of(via));
        member(line, " to ", order.get("destination"));
        if (order.get("sender") instanceof String sender) {
            line.append(" from <").append(Printable.of(sender)).append('>');
        }
        member(line, " for ", order.get("recipient"));
        var ids = Answers.texts(order, "ids");
        if (!ids.isEmpty()) {
            line.append(" ids ").append(Printable.of(String.join(", ", ids)));
        }
        line.append(", since ").append(QueueLines.seconds(Answers.text(order, "since")));
        line.append(until(order));
        return line.append(": ")
                .append(Printable.of(Answers.text(order, "reason")))
                .toString();
    }

    private static String destination(Map<String, @Nullable Object> destination) {
        var line = Printable.of(Answers.text(destination, "destination")) + ": "
                + Answers.text(destination, "running") + " of " + Answers.text(destination, "concurrency")
                + " under way, " + Answers.text(destination, "queued") + " queued, "
                + Answers.text(destination, "parked") + " parked";
        var decision = Answers.text(destination, "decision");
        return decision.isEmpty() ? line : line + "; " + Printable.of(decision) + until(destination);
    }

    private static String until(Map<String, @Nullable Object> thing) {
        var until = Answers.text(thing, "until");
        return until.isEmpty() ? "" : ", until " + QueueLines.seconds(until);
    }

    private static void member(StringBuilder line, String before, @Nullable Object value) {
        if (value instanceof String text) {
            line.append(before).append(Printable.of(text));
        }
    }
}
