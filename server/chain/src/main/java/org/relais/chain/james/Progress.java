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
 * How far a mail that waits has come in the chain, and how often it failed there.
 *
 * <p>The attributes are in the envelope's state only, never on a mail that a mailet sees: mails made from it must not
 * inherit them.
 *
 * @param position empty: the first step of the mail's processor
 */
record Progress(Optional<Position> position, Optional<Failures> failures) {
    private static final AttributeName POSITION = AttributeName.of("relais.chain.position");
    private static final AttributeName FAILURES = AttributeName.of("relais.chain.failures");
    private static final AttributeName FAILING_SINCE = AttributeName.of("relais.chain.failingSince");
    static final Progress NONE = new Progress(Optional.empty(), Optional.empty());

    void writeTo(Mail mail) {
        position.ifPresent(at -> mail.setAttribute(new Attribute(POSITION, AttributeValue.of(at.toText()))));
        failures.ifPresent(failed -> {
            mail.setAttribute(new Attribute(FAILURES, AttributeValue.of(failed.count())));
            mail.setAttribute(new Attribute(
                    FAILING_SINCE, AttributeValue.of(failed.since().toString())));
        });
    }

    /** Reads the attributes and takes them off. */
    static Progress takeFrom(Mail mail) {
        Progress progress = new Progress(text(mail, POSITION).flatMap(Position::parse), failures(mail));
        mail.removeAttribute(POSITION);
        mail.removeAttribute(FAILURES);
        mail.removeAttribute(FAILING_SINCE);
        return progress;
    }

    private static Optional<Failures> failures(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, FAILURES, Integer.class)
                .filter(count -> count > 0)
                .flatMap(count ->
                        text(mail, FAILING_SINCE).flatMap(Progress::instant).map(since -> new Failures(count, since)));
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
