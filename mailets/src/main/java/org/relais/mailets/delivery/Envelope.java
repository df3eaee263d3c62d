package org.relais.mailets.delivery;

import java.util.List;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.Mail;

/**
 * Whom a mail is from and whom one attempt is for.
 *
 * @param reversePath with angle brackets
 */
record Envelope(String reversePath, List<MailAddress> recipients, Optional<DsnParameters> dsn) {
    static Envelope of(Mail mail) {
        String sender = mail.getMaybeSender().isNullSender()
                ? ""
                : mail.getMaybeSender().asString();
        return new Envelope("<" + sender + ">", List.copyOf(mail.getRecipients()), mail.dsnParameters());
    }

    /** The NOTIFY parameter that came with a forward-path (RFC 3461 §4.1), as it is written. */
    Optional<String> notify(MailAddress recipient) {
        return dsn.flatMap(parameters ->
                        Optional.ofNullable(parameters.getRcptParameters().get(recipient)))
                .flatMap(DsnParameters.RecipientDsnParameters::getNotifyParameter)
                .map(set -> String.join(",", set.stream().map(Enum::name).toList()));
    }
}
