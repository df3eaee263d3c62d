package org.relais.mailets.delivery;

import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import javax.mail.MessagingException;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.jspecify.annotations.Nullable;
import org.relais.delivery.dsn.DsnReport;
import org.relais.delivery.dsn.DsnReport.Action;
import org.relais.delivery.dsn.DsnSettings;
import org.relais.extension.Documentation;
import org.relais.extension.Parameter;
import org.relais.extension.ParameterType;
import org.relais.model.EnhancedStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the sender what became of the mail's recipients, as the sender asked for it (RFC 3461, RFC 3464). Stands for
 * James's mailet of that name. Called by many threads.
 *
 * <p>Why a recipient failed is what the delivery found out, else the mail's error message, else {@code messageString}.
 */
@Documentation("Sends delivery status notifications to the reverse-path; none to the null reverse-path.")
@Parameter(
        name = "messageString",
        documentation = "What stands first in the text for people; where nothing else is known, it is the reason.")
@Parameter(name = "defaultStatus", defaultValue = "unknown", documentation = "The status when the error names none.")
@Parameter(
        name = "passThrough",
        type = ParameterType.BOOLEAN,
        defaultValue = "true",
        documentation = "false ends the mail that was answered.")
@Parameter(
        name = "action",
        defaultValue = "failed",
        documentation = "What is reported: failed, delayed, delivered, relayed or expanded.")
@Parameter(
        name = "attachment",
        defaultValue = "message",
        documentation = "heads, none: the header alone comes back, whatever RET says.")
@Parameter(name = "sender", documentation = "The address shown in From; default: <bounceSender> of relais.xml.")
@Parameter(name = "prefix", documentation = "Has no effect: the subject says what happened and to whom.")
@Parameter(
        name = "debug",
        type = ParameterType.BOOLEAN,
        defaultValue = "false",
        documentation = "Has no effect: see the events of the mail.")
public final class DSNBounce extends GenericMailet {
    private static final Logger LOGGER = LoggerFactory.getLogger(DSNBounce.class);
    private static final Set<String> PARAMETERS = Set.of(
            "messageString", "defaultStatus", "passThrough", "action", "attachment", "sender", "prefix", "debug");
    private static final Set<String> HEADER_ALONE = Set.of("heads", "none");
    private static final Set<String> USUAL_SENDER = Set.of("", "sender", "unaltered");
    private static final String UNKNOWN = "unknown";
    private static final int MOST_REASON = 500;

    private final DsnSettings settings;
    private final Clock clock;
    private @Nullable Notifier notifier;
    private Action action = Action.FAILED;
    private Optional<EnhancedStatus> defaultStatus = Optional.empty();
    private String message = "";
    private boolean returnsWhole;
    private boolean passThrough;

    @Inject
    public DSNBounce(DsnSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void init() throws MessagingException {
        checkInitParameters(PARAMETERS);
        message = getInitParameter("messageString", "")
                .replace("[machine]", settings.reportingMta())
                .strip();
        action = action(getInitParameter("action", "failed"));
        defaultStatus = status(getInitParameter("defaultStatus", UNKNOWN));
        returnsWhole = !HEADER_ALONE.contains(getInitParameter("attachment", "message"));
        passThrough = getInitParameter("passThrough", true);
        notifier = new Notifier(settings(getInitParameter("sender", "")), clock);
    }

    private static Action action(String word) throws MessagingException {
        try {
            return Action.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new MessagingException("action must be failed, delayed, delivered, relayed or expanded: " + word, e);
        }
    }

    private static Optional<EnhancedStatus> status(String text) throws MessagingException {
        Optional<EnhancedStatus> status = EnhancedStatus.atStartOf(text.strip());
        if (status.isEmpty() && !text.equals(UNKNOWN)) {
            throw new MessagingException("defaultStatus must be a status such as 5.1.1, was: " + text);
        }
        return status;
    }

    private DsnSettings settings(String sender) throws MessagingException {
        if (USUAL_SENDER.contains(sender)) {
            return settings;
        }
        try {
            MailAddress from =
                    sender.equals("postmaster") ? getMailetContext().getPostmaster() : new MailAddress(sender);
            return new DsnSettings(
                    settings.reportingMta(), from.asString(), settings.language(), settings.mostReturned());
        } catch (AddressException e) {
            throw new MessagingException("sender must be an address or postmaster, was: " + sender, e);
        }
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        if (notifier == null) {
            throw new MessagingException("DSNBounce was not initialised");
        }
        Optional<String> reason = reason(mail);
        EnhancedStatus status = text(mail, RelayBounces.STATUS)
                .flatMap(EnhancedStatus::atStartOf)
                .or(() -> reason.flatMap(DSNBounce::statusIn))
                .or(() -> defaultStatus)
                .orElseGet(this::usualStatus);
        String remote = text(mail, RelayBounces.REMOTE).orElse("");
        Optional<Instant> attempted = text(mail, RelayBounces.ATTEMPTED).flatMap(DSNBounce::instant);
        String why = text(mail, RelayBounces.ERROR).orElseGet(() -> withStatus(status, reason.orElse(message)));
        notifier.tell(
                getMailetContext(),
                mail,
                action,
                List.copyOf(mail.getRecipients()),
                (address, orcpt) -> new DsnReport.Recipient(
                        address.asString(), orcpt, action, status, remote, why, attempted, Optional.empty()),
                // Else it would stand there twice.
                reason.isPresent() ? message : "",
                returnsWhole);
        if (!passThrough) {
            mail.setState(Mail.GHOST);
        }
    }

    /** What the delivery found out, or the first line of the mail's error message. */
    private static Optional<String> reason(Mail mail) {
        return text(mail, RelayBounces.ERROR)
                .or(() -> Optional.ofNullable(mail.getErrorMessage())
                        .flatMap(error -> error.lines().findFirst())
                        .map(line -> line.substring(0, Math.min(line.length(), MOST_REASON))
                                .strip())
                        .filter(line -> !line.isEmpty()));
    }

    /** A chain may set attributes too. */
    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            LOGGER.warn("the attribute {} is no time of ISO 8601: {}", RelayBounces.ATTEMPTED, text, e);
            return Optional.empty();
        }
    }

    private static Optional<EnhancedStatus> statusIn(String reason) {
        return EnhancedStatus.atStartOf(reason.replaceFirst("^\\d{3}[ -]", ""));
    }

    private static String withStatus(EnhancedStatus status, String reason) {
        return statusIn(reason).isPresent() ? reason : (status + " " + reason).strip();
    }

    private EnhancedStatus usualStatus() {
        return switch (action) {
            case FAILED -> new EnhancedStatus(5, 0, 0);
            case DELAYED -> new EnhancedStatus(4, 0, 0);
            case DELIVERED, RELAYED, EXPANDED -> new EnhancedStatus(2, 0, 0);
        };
    }

    private static Optional<String> text(Mail mail, String attribute) {
        return AttributeUtils.getValueAndCastFromMail(mail, AttributeName.of(attribute), String.class);
    }

    @Override
    public String getMailetInfo() {
        return "Relais DSN bounce";
    }
}
