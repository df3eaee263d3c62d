package org.relais.administration.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured.
 *
 * @param acceptedPerSecond mails with a 250, from the first connection to the last 250
 * @param endToEndPerSecond mails in the sink, from the first connection to the last arrival
 * @param cpuMillisPerMail of the server's process alone, accepting, chain and delivery together
 * @param lost accepted, and not in the sink when nothing had come for a while
 */
public record Figures(
        int accepted,
        int arrived,
        double acceptedPerSecond,
        double endToEndPerSecond,
        double cpuMillisPerMail,
        double replyMillisP50,
        double replyMillisP99,
        double fsyncMillisP50,
        int lost,
        long duplicates,
        int connectionsOut) {

    /** For {@code --json}. */
    public Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("accepted", (long) accepted);
        members.put("arrived", (long) arrived);
        members.put("acceptedPerSecond", rounded(acceptedPerSecond, 10));
        members.put("endToEndPerSecond", rounded(endToEndPerSecond, 10));
        members.put("cpuMillisPerMail", rounded(cpuMillisPerMail, 10_000));
        members.put("replyMillisP50", rounded(replyMillisP50, 1000));
        members.put("replyMillisP99", rounded(replyMillisP99, 1000));
        members.put("fsyncMillisP50", rounded(fsyncMillisP50, 1000));
        members.put("lost", (long) lost);
        members.put("duplicates", duplicates);
        members.put("connectionsOut", (long) connectionsOut);
        return members;
    }

    private static double rounded(double value, int parts) {
        return (double) Math.round(value * parts) / parts;
    }

    /** For a person. */
    public List<String> lines() {
        return List.of(
                line("accepted", "%,.0f mails/s", acceptedPerSecond),
                line("end to end", "%,.0f mails/s through the chain to the next hop", endToEndPerSecond),
                line("CPU", "%.3f ms for a mail, of the server's process", cpuMillisPerMail),
                line("250 after", "%.2f ms (p50), %.2f ms (p99), on disk by then", replyMillisP50, replyMillisP99),
                line("disk", "%.2f ms for an fdatasync of a mail's size (p50)", fsyncMillisP50),
                line("mails", "%,d accepted, %,d arrived, %,d lost, %,d twice", accepted, arrived, lost, duplicates),
                line("connections", "%,d to the next hop", connectionsOut));
    }

    private static String line(String name, String format, Object... values) {
        return String.format(Locale.ROOT, "%-12s ", name) + String.format(Locale.ROOT, format, values);
    }
}
