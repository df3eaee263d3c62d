package org.relais.delivery.dsn;

import java.util.Locale;
import java.util.regex.Pattern;
import org.relais.delivery.dsn.DsnReport.Action;
import org.relais.delivery.dsn.DsnReport.Recipient;
import org.relais.model.XText;

/** The part for machines: {@code message/delivery-status} (RFC 3464 §2). */
final class StatusPart {
    private static final Pattern REPLY = Pattern.compile("[245]\\d\\d[ -].*", Pattern.DOTALL);

    private StatusPart() {}

    static String of(DsnReport report, DsnSettings settings) {
        Fields fields = new Fields();
        if (!report.envid().isEmpty() && XText.isValid(report.envid())) {
            fields.add("Original-Envelope-Id", Fields.ascii(XText.decode(report.envid())));
        }
        fields.add("Reporting-MTA", "dns; " + Fields.ascii(settings.reportingMta()));
        fields.add("Arrival-Date", Fields.date(report.arrived()));
        report.recipients().forEach(recipient -> add(fields.add("\r\n"), recipient));
        return fields.text();
    }

    private static void add(Fields fields, Recipient recipient) {
        int semicolon = recipient.orcpt().indexOf(';');
        if (semicolon > 0 && XText.isValid(recipient.orcpt().substring(semicolon + 1))) {
            String type = recipient.orcpt().substring(0, semicolon);
            String address = XText.decode(recipient.orcpt().substring(semicolon + 1));
            fields.add("Original-Recipient", Fields.ascii(type) + "; " + escaped(address));
        }
        String path = recipient.forwardPath();
        fields.add("Final-Recipient", (Fields.isAscii(path) ? "rfc822; " : "utf-8; ") + escaped(path));
        fields.add("Action", recipient.action().word());
        fields.add("Status", recipient.status().toString());
        if (!recipient.remoteMta().isEmpty()) {
            fields.add("Remote-MTA", "dns; " + Fields.ascii(recipient.remoteMta()));
        }
        String text = Fields.ascii(recipient.text());
        boolean isReply = REPLY.matcher(text).matches();
        // RFC 3464 §2.3.6: for people there is the text; a diagnostic code says why it did not go as it should.
        if (!text.isEmpty()
                && (isReply || recipient.action() == Action.FAILED || recipient.action() == Action.DELAYED)) {
            fields.add("Diagnostic-Code", (isReply ? "smtp; " : "x-relais; ") + text);
        }
        recipient.lastAttempt().ifPresent(at -> fields.add("Last-Attempt-Date", Fields.date(at)));
        recipient.retryUntil().ifPresent(at -> fields.add("Will-Retry-Until", Fields.date(at)));
    }

    /** RFC 6533 §3: {@code utf-8-addr-xtext}, which stands where only ASCII may. */
    private static String escaped(String address) {
        if (Fields.isAscii(address)) {
            return Fields.oneLine(address);
        }
        StringBuilder escaped = new StringBuilder();
        Fields.oneLine(address).codePoints().forEach(c -> {
            if (c > ' ' && c <= '~' && c != '\\' && c != '+' && c != '=') {
                escaped.append((char) c);
            } else {
                escaped.append("\\x{")
                        .append(Integer.toHexString(c).toUpperCase(Locale.ROOT))
                        .append('}');
            }
        });
        return escaped.toString();
    }
}
