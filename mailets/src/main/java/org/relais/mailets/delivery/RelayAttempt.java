package org.relais.mailets.delivery;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.mail.MessagingException;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.relais.mailets.relay.Attempts;
import org.relais.mailets.relay.Outcome;
import org.relais.mailets.relay.Reply;
import org.relais.model.EnhancedStatus;
import org.relais.spool.james.SpoolMessage;

/** One attempt at one mail: its next hops in their order, until one of them talks to us. */
final class RelayAttempt {
    private static final EnhancedStatus NO_ANSWER = new EnhancedStatus(4, 4, 1);

    private final NextHops nextHops;
    private final SmtpHop smtp;
    private final boolean shuffle;
    private final int unknownDomainRetries;
    private final RelayEvents events;
    private final InstantSource clock;

    RelayAttempt(
            NextHops nextHops,
            SmtpHop smtp,
            boolean shuffle,
            int unknownDomainRetries,
            RelayEvents events,
            InstantSource clock) {
        this.nextHops = nextHops;
        this.smtp = smtp;
        this.shuffle = shuffle;
        this.unknownDomainRetries = unknownDomainRetries;
        this.events = events;
        this.clock = clock;
    }

    /** What became of each recipient, and who said so. */
    record Result(Map<MailAddress, Outcome> outcomes, String hop) {}

    /** {@code mail} has a recipient, and all of its recipients have the same next hops. */
    Result make(Mail mail, Attempts attempts) throws MessagingException, IOException {
        Domain domain = mail.getRecipients().iterator().next().getDomain();
        NextHops.Answer answer = nextHops.of(domain);
        if (answer instanceof NextHops.Answer.NoHop none) {
            return new Result(all(mail, outcome(none, attempts)), domain.asString());
        }
        List<NextHop> hops = new ArrayList<>(((NextHops.Answer.Hops) answer).hops());
        if (shuffle) {
            Collections.shuffle(hops);
        }
        SpoolMessage content = SpoolMessage.over(mail.getMessage());
        try {
            return tryInOrder(mail, hops, new WireMessage(content), attempts);
        } finally {
            LifecycleUtil.dispose(content);
        }
    }

    private Result tryInOrder(Mail mail, List<NextHop> hops, WireMessage message, Attempts attempts) {
        Envelope envelope = Envelope.of(mail);
        String last = "";
        for (NextHop hop : hops) {
            try {
                HopReport report = smtp.send(hop, envelope, message);
                events.attempted(mail, hop, report.reply(), report.tls(), attempts, clock.instant());
                return new Result(report.outcomes(), hop.toString());
            } catch (HopUnavailableException e) {
                last = new Reply(0, e.getMessage() == null ? "no answer" : e.getMessage()).text();
                events.attempted(mail, hop, last, null, attempts, clock.instant());
            }
        }
        NextHop lastHop = hops.get(hops.size() - 1);
        Outcome outcome = new Outcome.Deferred(NO_ANSWER, "4.4.1 " + lastHop + ": " + last);
        return new Result(all(mail, outcome), lastHop.toString());
    }

    private Outcome outcome(NextHops.Answer.NoHop none, Attempts attempts) {
        return none.isUnknownDomain() && attempts.count() <= unknownDomainRetries
                ? new Outcome.Deferred(NO_ANSWER, none.outcome().text().replaceFirst("^5\\.1\\.2", "4.4.3"))
                : none.outcome();
    }

    private static Map<MailAddress, Outcome> all(Mail mail, Outcome outcome) {
        Map<MailAddress, Outcome> outcomes = new LinkedHashMap<>();
        mail.getRecipients().forEach(recipient -> outcomes.put(recipient, outcome));
        return outcomes;
    }
}
