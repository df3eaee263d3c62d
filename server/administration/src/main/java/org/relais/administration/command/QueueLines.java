package org.relais.administration.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.relais.administration.port.Printable;

/** What is in the spool, in lines for people. */
final class QueueLines {
    private static final long KIBI = 1024;

    private QueueLines() {}

    /** One line of {@code queue list}. */
    static String envelope(Map<String, @Nullable Object> envelope, String asOf) {
        // Padded by hand: a Formatter is slow in a cold JVM, and there may be a million lines.
        var line = left(Answers.text(envelope, "id"), 14)
                + left(Answers.text(envelope, "stage"), 8)
                + left(status(envelope), 28)
                + right(age(Answers.text(envelope, "created"), asOf), 7)
                + right(size(envelope.get("size")), 9)
                + " <" + Printable.of(Answers.text(envelope, "sender"))
                + "> <" + Printable.of(Answers.text(envelope, "recipient")) + ">";
        var attempts = Answers.text(envelope, "attempts");
        if (!attempts.equals("0")) {
            line += ", " + attempts + (attempts.equals("1") ? " attempt" : " attempts");
        }
        var reason = Printable.of(Answers.text(envelope, "reason"));
        return reason.isEmpty() ? line : line + ": " + reason;
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length())) + " ";
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text + " ";
    }

    static String damage(Map<String, @Nullable Object> damage) {
        var id = Answers.text(damage, "id");
        return "damaged: " + Answers.text(damage, "place") + ": " + Printable.of(Answers.text(damage, "what"))
                + (id.isEmpty() ? "" : ", queue id " + id);
    }

    /** All of {@code queue show}. */
    static List<String> mail(Map<String, @Nullable Object> mail) {
        var lines = new ArrayList<String>();
        lines.add("mail " + Answers.text(mail, "id"));
        for (var envelope : Answers.objects(mail, "envelopes")) {
            lines.add("");
            part(envelope, lines);
        }
        if (Boolean.FALSE.equals(mail.get("complete"))) {
            lines.add("");
            lines.add("… and more envelopes: relais queue list " + Answers.text(mail, "id"));
        }
        for (var message : Answers.objects(mail, "messages")) {
            lines.add("");
            lines.add("message " + Answers.text(message, "message") + ", " + size(message.get("size"))
                    + problem(message));
            Answers.text(message, "header").lines().map(QueueLines::visible).forEach(line -> lines.add("  " + line));
        }
        return lines;
    }

    private static void part(Map<String, @Nullable Object> envelope, List<String> lines) {
        lines.add("envelope " + Answers.text(envelope, "envelope") + ": <"
                + Printable.of(Answers.text(envelope, "sender")) + "> to <"
                + Printable.of(Answers.text(envelope, "recipient")) + ">" + problem(envelope));
        field(lines, "status", Answers.text(envelope, "stage") + ", " + status(envelope));
        field(lines, "in the spool since", Answers.text(envelope, "created"));
        field(lines, "origin", Answers.text(envelope, "origin"));
        field(lines, "attempts", Answers.text(envelope, "attempts"));
        field(lines, "last outcome", Answers.text(envelope, "reason"));
        field(lines, "priority", Answers.text(envelope, "priority"));
        field(lines, "message", Answers.text(envelope, "message"));
        field(lines, "name in the chain", Answers.text(envelope, "mail"));
        field(lines, "goes on in", Answers.text(envelope, "processor"));
        field(lines, "error", Answers.text(envelope, "error"));
        field(lines, "came from", Answers.text(envelope, "client"));
        field(lines, "sent by", Answers.text(envelope, "delivery"));
        field(lines, "will end as", Answers.text(envelope, "ending"));
        for (var ownField : Answers.texts(envelope, "ownFields")) {
            field(lines, "own field", ownField);
        }
        Answers.object(envelope, "attributes")
                .forEach((name, value) -> field(lines, "attribute " + name, String.valueOf(value)));
    }

    private static void field(List<String> lines, String name, String value) {
        if (!value.isEmpty()) {
            lines.add("  " + visible(name) + ": " + visible(value));
        }
    }

    private static String problem(Map<String, @Nullable Object> thing) {
        var problem = Answers.text(thing, "problem");
        return problem.isEmpty() ? "" : " (" + Printable.of(problem) + ")";
    }

    private static String status(Map<String, @Nullable Object> envelope) {
        var status = Answers.text(envelope, "status");
        var next = Answers.text(envelope, "nextAttempt");
        return next.isEmpty() ? status : "until " + seconds(next);
    }

    /** To the second, as nobody counts milliseconds of a wait. */
    static String seconds(String time) {
        return time.length() > 19 && time.charAt(19) == '.' ? time.substring(0, 19) + "Z" : time;
    }

    /** Control characters in a mail are not for a terminal. */
    private static String visible(String text) {
        var line = new StringBuilder(text.length());
        text.chars().forEach(c -> line.append(Character.isISOControl(c) && c != '\t' ? '?' : (char) c));
        return line.toString();
    }

    static String age(String created, String asOf) {
        try {
            return inWords(Duration.between(Instant.parse(created), Instant.parse(asOf)));
        } catch (DateTimeException e) {
            return "?";
        }
    }

    private static String inWords(Duration age) {
        if (age.toDays() > 1) {
            return age.toDays() + " d";
        } else if (age.toHours() > 1) {
            return age.toHours() + " h";
        }
        return age.toMinutes() > 1 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
    }

    static String size(@Nullable Object octets) {
        if (!(octets instanceof Long size)) {
            return "? octets";
        }
        if (size < KIBI) {
            return size + " B";
        } else if (size < KIBI * KIBI) {
            return tenths(size, KIBI) + " KiB";
        }
        return size < KIBI * KIBI * KIBI
                ? tenths(size, KIBI * KIBI) + " MiB"
                : tenths(size, KIBI * KIBI * KIBI) + " GiB";
    }

    private static String tenths(long size, long unit) {
        long tenths = (size * 10 + unit / 2) / unit;
        return tenths / 10 + "." + tenths % 10;
    }
}
