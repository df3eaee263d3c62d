package org.relais.mailets.delivery;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.relais.mailets.relay.Attempts;

/** Where a mail in the delivery queue carries its attempts. */
final class AttemptsOfMail {
    private static final AttributeName COUNT = AttributeName.of("relais.delivery.attempts");
    private static final AttributeName SINCE = AttributeName.of("relais.delivery.since");

    private AttemptsOfMail() {}

    /** None before {@code now} for a mail that carries none. */
    static Attempts read(Mail mail, Instant now) {
        int count = AttributeUtils.getValueAndCastFromMail(mail, COUNT, Integer.class)
                .orElse(0);
        Instant since = AttributeUtils.getValueAndCastFromMail(mail, SINCE, String.class)
                .flatMap(AttemptsOfMail::instant)
                .orElse(now);
        return new Attempts(count, since);
    }

    static void write(Mail mail, Attempts attempts) {
        mail.setAttribute(new Attribute(COUNT, AttributeValue.of(attempts.count())));
        mail.setAttribute(
                new Attribute(SINCE, AttributeValue.of(attempts.since().toString())));
    }

    /** So that what becomes of this mail next, a bounce among others, begins with none. */
    static void remove(Mail mail) {
        mail.removeAttribute(COUNT);
        mail.removeAttribute(SINCE);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
