package org.relais.delivery.dsn;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.relais.delivery.dsn.DsnReport.Action;
import org.relais.delivery.dsn.DsnReport.Recipient;
import org.relais.delivery.reply.ReplyClass;
import org.relais.delivery.reply.ReplyClassifier;

/** The part for people: what happened to which address, what to do, what the other server said, the queue id. */
final class TextPart {
    private static final Pattern CODE = Pattern.compile("([245]\\d\\d)[ -].*");

    private TextPart() {}

    /** Lines end with a line feed. */
    static String of(DsnReport report, DsnSettings settings, Words words, boolean isWhole) {
        StringBuilder text = new StringBuilder(introduction(report, words)).append("\n");
        report.recipients().forEach(recipient -> add(text, recipient, words));
        text.append('\n')
                .append(words.say("queue", report.queueId(), settings.reportingMta()))
                .append('\n')
                .append(words.say(isWhole ? "returned.whole" : "returned.header"))
                .append('\n');
        return text.toString();
    }

    private static String introduction(DsnReport report, Words words) {
        if (!report.introduction().isEmpty()) {
            return report.introduction().strip();
        }
        if (report.action() != Action.DELAYED) {
            return words.say(report.action().word() + ".introduction");
        }
        return report.recipients()
                .get(0)
                .retryUntil()
                .map(until -> words.say("delayed.introduction", Fields.date(until)))
                .orElseGet(() -> words.say("delayed.soon"));
    }

    private static void add(StringBuilder text, Recipient recipient, Words words) {
        text.append("\n<").append(Fields.oneLine(recipient.forwardPath())).append(">\n");
        if (recipient.action() != Action.FAILED && recipient.action() != Action.DELAYED) {
            return;
        }
        String reply = Fields.oneLine(recipient.text());
        Matcher code = CODE.matcher(reply);
        ReplyClass kind = ReplyClassifier.classify(
                recipient.status(), code.matches() ? Integer.parseInt(code.group(1)) : 0, reply);
        ReplyClass.Description description = kind.describe(words.locale());
        text.append(description.happened()).append('\n');
        if (recipient.action() == Action.FAILED) {
            text.append(description.remedy()).append('\n');
        }
        text.append(
                        recipient.remoteMta().isEmpty()
                                ? words.say("words")
                                : words.say("remote", Fields.oneLine(recipient.remoteMta())))
                .append("\n    ")
                .append(reply)
                .append('\n');
    }
}
