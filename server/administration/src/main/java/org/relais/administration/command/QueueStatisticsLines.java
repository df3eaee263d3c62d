package org.relais.administration.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code queue stats} in lines for people. */
final class QueueStatisticsLines {
    private QueueStatisticsLines() {}

    static List<String> of(Map<String, @Nullable Object> stats) {
        var lines = new ArrayList<String>();
        spool(stats, lines);
        accounts(stats, lines);
        var asOf = Answers.text(stats, "asOf");
        for (var stage : Answers.object(stats, "byStage").entrySet()) {
            lines.add(line(stage.getValue(), "in stage " + stage.getKey()));
        }
        var oldest = Answers.text(stats, "oldest");
        if (!oldest.isEmpty()) {
            lines.add("oldest: " + QueueLines.age(oldest, asOf));
        }
        for (var destination : Answers.objects(stats, "destinations")) {
            var domain = Answers.text(destination, "domain");
            lines.add(line(
                    destination.get("envelopes"),
                    "to " + (domain.isEmpty() ? "recipients without a domain" : domain) + ", oldest "
                            + QueueLines.age(Answers.text(destination, "oldest"), asOf)));
        }
        Answers.objects(stats, "damaged").forEach(damage -> lines.add(QueueLines.damage(damage)));
        return lines;
    }

    private static void spool(Map<String, @Nullable Object> stats, List<String> lines) {
        var refusal = Answers.text(stats, "refusal");
        lines.add(refusal.isEmpty() ? "the spool accepts mail" : "the spool refuses mail: " + refusal);
        if (Boolean.TRUE.equals(stats.get("holdingAll"))) {
            lines.add("everything is held, also what comes: relais queue release --all ends that");
        }
        lines.add(QueueLines.size(stats.get("bytesOnDisk")) + " on disk, " + perCommit(stats) + " fsyncs per commit, "
                + Answers.text(stats, "inWork") + " in work, " + Answers.text(stats, "held") + " held, "
                + Answers.text(stats, "removed") + " removed and restorable, " + Answers.text(stats, "damagedCount")
                + " damaged");
    }

    private static String perCommit(Map<String, @Nullable Object> stats) {
        if (stats.get("syncs") instanceof Long syncs && stats.get("commits") instanceof Long commits && commits > 0) {
            return String.format(Locale.ROOT, "%.2f", (double) syncs / commits);
        }
        return "no";
    }

    private static void accounts(Map<String, @Nullable Object> stats, List<String> lines) {
        lines.add("came since the spool was made:");
        Answers.object(stats, "came").forEach((origin, count) -> lines.add(line(count, origin)));
        lines.add("left:");
        Answers.object(stats, "left").forEach((how, count) -> lines.add(line(count, how)));
        lines.add("and is here:");
        lines.add(line(stats.get("inSpool"), "in the spool"));
        lines.add(
                Boolean.TRUE.equals(stats.get("addsUp"))
                        ? "the accounts add up"
                        : "the accounts do not add up: " + Answers.text(stats, "difference")
                                + " too many came; see what is damaged below");
    }

    private static String line(@Nullable Object count, String what) {
        return String.format("%12s  %s", count, what);
    }
}
