package org.relais.administration.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.administration.json.JsonWriter;
import org.relais.administration.port.QueueDamage;
import org.relais.administration.port.Refusal;
import org.relais.administration.port.SpoolVerification;

/** {@code queue verify}: needs no running server, and no running server. */
final class QueueVerify {
    private final CommandContext context;
    private final SpoolVerification verification;

    QueueVerify(CommandContext context, SpoolVerification verification) {
        this.context = context;
        this.verification = verification;
    }

    int run() throws CommandFailure {
        List<SpoolVerification.Report> reports;
        try {
            reports = verification.verify(context.home().data());
        } catch (Refusal e) {
            throw CommandFailure.failed(e.what(), e.remedy());
        }
        long damages =
                reports.stream().mapToLong(report -> report.damages().size()).sum();
        if (context.isJson()) {
            context.out().println(JsonWriter.write(view(reports, damages == 0)));
        } else {
            reports.forEach(this::print);
        }
        if (damages > 0) {
            throw CommandFailure.failed(
                    damages + (damages == 1 ? " damage" : " damages") + " in the spool",
                    "what each means is in docs/spool-format.md; the rest of the spool lives: start the server, then "
                            + context.launcherName() + " queue remove --damaged takes note of them");
        }
        return 0;
    }

    private void print(SpoolVerification.Report report) {
        var out = context.out();
        for (var damage : report.damages()) {
            out.println(report.spool() + "/" + damage.inWords());
        }
        for (var torn : report.torn()) {
            out.println(report.spool() + "/" + torn.inWords() + " (harmless: a crash left it, nobody was told 250)");
        }
        out.println(report.spool() + ": " + report.envelopes() + " envelopes, " + report.records() + " records in "
                + report.segments() + " segments, " + QueueLines.size(report.bytes()) + " read, "
                + report.damages().size() + " damaged");
    }

    private static Map<String, Object> view(List<SpoolVerification.Report> reports, boolean isSound) {
        var members = new LinkedHashMap<String, Object>();
        members.put("sound", isSound);
        var spools = new ArrayList<Map<String, Object>>();
        for (var report : reports) {
            var spool = new LinkedHashMap<String, Object>();
            spool.put("spool", report.spool());
            spool.put("segments", report.segments());
            spool.put("records", report.records());
            spool.put("bytes", report.bytes());
            spool.put("envelopes", report.envelopes());
            spool.put("damaged", views(report.damages()));
            spool.put("torn", views(report.torn()));
            spools.add(spool);
        }
        members.put("spools", spools);
        return members;
    }

    private static List<Map<String, @Nullable Object>> views(List<QueueDamage> damages) {
        var views = new ArrayList<Map<String, @Nullable Object>>();
        for (var damage : damages) {
            var view = new LinkedHashMap<String, @Nullable Object>();
            view.put("file", damage.file());
            view.put("offset", damage.offset());
            view.put("what", damage.what());
            view.put("id", damage.queueId());
            views.add(view);
        }
        return views;
    }
}
