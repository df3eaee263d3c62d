package org.relais.chain.james;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.relais.chain.retry.Failures;
import org.relais.chain.retry.Position;

/**
 * What a deferred mail carries while it waits in the spool: where it goes on, and how often it failed there.
 *
 * <p>The attributes are on the mail only while it waits, so that mails made from it by a mailet never inherit them.
 */
record Deferral(Position position, Failures failures) {
    private static final AttributeName POSITION = AttributeName.of("relais.chain.position");
    private static final AttributeName FAILURES = AttributeName.of("relais.chain.failures");
    private static final AttributeName FAILING_SINCE = AttributeName.of("relais.chain.failingSince");

    void writeTo(Mail mail) {
        mail.setAttribute(new Attribute(POSITION, AttributeValue.of(position.toText())));
        mail.setAttribute(new Attribute(FAILURES, AttributeValue.of(failures.count())));
        mail.setAttribute(
                new Attribute(FAILING_SINCE, AttributeValue.of(failures.since().toString())));
    }

    /** Reads the attributes and takes them off; empty for a mail that was not deferred by a chain. */
    static Optional<Deferral> takeFrom(Mail mail) {
        Optional<Deferral> deferral = text(mail, POSITION)
                .flatMap(Position::parse)
                .flatMap(position -> failures(mail).map(failures -> new Deferral(position, failures)));
        mail.removeAttribute(POSITION);
        mail.removeAttribute(FAILURES);
        mail.removeAttribute(FAILING_SINCE);
        return deferral;
    }

    private static Optional<Failures> failures(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, FAILURES, Integer.class)
                .filter(count -> count > 0)
                .flatMap(count ->
                        text(mail, FAILING_SINCE).flatMap(Deferral::instant).map(since -> new Failures(count, since)));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(Mail mail, AttributeName name) {
        return AttributeUtils.getValueAndCastFromMail(mail, name, String.class);
    }
}
