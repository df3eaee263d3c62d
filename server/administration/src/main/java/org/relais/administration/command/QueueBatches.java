package org.relais.administration.command;

import static org.relais.administration.client.AdministrationClient.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.administration.client.AdministrationClient;
import org.relais.administration.client.RequestFailure;
import org.relais.administration.port.QueueAction;

/**
 * Does one thing to many envelopes, so many at a time that no request takes long, and tells the sum. What comes while it
 * runs is left alone.
 */
final class QueueBatches {
    private static final int AT_ONCE = 500;
    private static final int COUNTED = 1000;
    private static final int BAR = 30;

    private final CommandContext context;
    private final QueueAction action;
    private final QueueConditions conditions;
    private final String command;

    /** The sum so far. */
    private static final class Sum {
        private final List<String> missing = new ArrayList<>();
        private long done;
        private long unchanged;
        private long busy;
        private String restorableUntil = "";

        void add(Map<String, @Nullable Object> outcome) {
            done += number(outcome, "done");
            unchanged += number(outcome, "unchanged");
            busy += number(outcome, "busy");
            missing.addAll(Answers.texts(outcome, "missing"));
            restorableUntil = Answers.text(outcome, "restorableUntil");
        }

        private static long number(Map<String, @Nullable Object> outcome, String name) {
            return outcome.get(name) instanceof Long number ? number : 0;
        }
    }

    /** @param command as it is typed, for what is printed to be typed next */
    QueueBatches(CommandContext context, QueueAction action, QueueConditions conditions, String command) {
        this.context = context;
        this.action = action;
        this.conditions = conditions;
        this.command = command;
    }

    /** How many envelopes it would be, in words. */
    String extent() throws CommandFailure, RequestFailure {
        var parameters = conditions.parameters();
        parameters.put("limit", Integer.toString(COUNTED));
        var page = context.client().get("/queue" + query(parameters));
        int count = Answers.objects(page, "envelopes").size();
        boolean isMore = !Answers.text(page, "next").isEmpty();
        return (isMore ? "more than " : "") + count + (count == 1 ? " envelope" : " envelopes");
    }

    int run() throws CommandFailure, RequestFailure {
        var client = context.client();
        var sum = new Sum();
        var parameters = conditions.parameters();
        parameters.put("limit", Integer.toString(AT_ONCE));
        long total = isWatched() ? total(client) : 0;
        String next = "0";
        do {
            parameters.put("after", next);
            var outcome = client.post("/queue/" + action.word() + query(parameters), Map.of());
            sum.add(outcome);
            parameters.put("asOf", Answers.text(outcome, "asOf"));
            next = Answers.text(outcome, "next");
            progress(sum, total, next.isEmpty());
        } while (!next.isEmpty());
        tell(sum);
        boolean isAllDone = sum.busy == 0 && sum.missing.isEmpty();
        return isAllDone ? 0 : CommandFailure.FAILED;
    }

    private void tell(Sum sum) {
        var members = new LinkedHashMap<String, Object>();
        members.put("done", sum.done);
        members.put("unchanged", sum.unchanged);
        members.put("busy", sum.busy);
        members.put("notFound", sum.missing);
        members.put("restorableUntil", sum.restorableUntil);
        var line = new StringBuilder(action.done() + " " + sum.done);
        line.append(", unchanged ").append(sum.unchanged);
        line.append(", busy ").append(sum.busy);
        line.append(", not found ").append(sum.missing.size());
        if (sum.busy > 0) {
            line.append("; busy ones are being worked on: try again in a moment");
        }
        if (!sum.missing.isEmpty()) {
            line.append("; there is no ").append(String.join(", no ", sum.missing));
        }
        if (action == QueueAction.REMOVE && sum.done > 0) {
            var words = conditions.words();
            line.append("; undo until ")
                    .append(QueueLines.seconds(sum.restorableUntil))
                    .append(": ")
                    .append(command, 0, command.length() - action.word().length())
                    .append("restore ")
                    .append(words.isEmpty() ? "--all" : words);
        }
        context.print(members, line.toString());
    }

    private boolean isWatched() {
        return context.terminal().prompt().isWatched() && !context.isJson();
    }

    /** What the bar is long for: no more than there are. */
    private long total(AdministrationClient client) throws RequestFailure {
        var stats = client.get("/queue/stats" + query(Map.of("destinations", "0")));
        return stats.get(action == QueueAction.RESTORE ? "removed" : "inSpool") instanceof Long count ? count : 0;
    }

    private void progress(Sum sum, long total, boolean isOver) {
        if (!isWatched()) {
            return;
        }
        long seen = sum.done + sum.unchanged + sum.busy;
        int filled = isOver ? BAR : (int) Math.min(BAR, BAR * seen / Math.max(1, total));
        context.terminal()
                .err()
                .print("\r[" + "#".repeat(filled) + " ".repeat(BAR - filled) + "] " + seen + (isOver ? "\n" : ""));
        context.terminal().err().flush();
    }
}
