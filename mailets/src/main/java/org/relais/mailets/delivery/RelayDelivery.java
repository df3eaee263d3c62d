package org.relais.mailets.delivery;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.apache.mailet.ProcessingState;
import org.apache.mailet.base.GenericMailet;
import org.jspecify.annotations.Nullable;
import org.relais.chain.james.GuardedMailEvents;
import org.relais.chain.james.JamesMailEvents;
import org.relais.chain.james.OutgoingMailet;
import org.relais.delivery.Outcome;
import org.relais.delivery.engine.Deliveries;
import org.relais.delivery.engine.Delivery;
import org.relais.delivery.engine.DeliveryName;
import org.relais.delivery.engine.Retries;
import org.relais.delivery.route.Routes;
import org.relais.extension.Documentation;
import org.relais.extension.Parameter;
import org.relais.extension.ParameterType;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.relais.model.event.MailEvents;
import org.relais.spool.EnvelopeDetails;

/**
 * Hands mails to delivery: their envelopes wait in the stage {@code DELIVERY} of the spool, from where the engine brings
 * them to their next hops. The settings of the home hold where the chain gives no parameter. Called by many threads.
 */
@Documentation(
        value = "Delivers the mail to other hosts: the smart host, or the recipients' MX hosts.",
        endsProcessing = true)
@Parameter(name = "gateway", documentation = "Smart hosts, separated by commas: name, name:port or [IPv6]:port.")
@Parameter(
        name = "gatewayPort",
        type = ParameterType.INTEGER,
        defaultValue = "25",
        documentation = "The port of smart hosts that name none; 465 with sslEnable.")
@Parameter(name = "gatewayUsername", documentation = "The user for SMTP AUTH at the smart host.")
@Parameter(name = "gatewayusername", documentation = "The old spelling of gatewayUsername.")
@Parameter(name = "gatewayPassword", documentation = "The password for SMTP AUTH at the smart host.")
@Parameter(
        name = "loadBalancing",
        type = ParameterType.BOOLEAN,
        defaultValue = "true",
        documentation = "Whether the smart hosts of gateway are tried in random order.")
@Parameter(
        name = "startTLS",
        type = ParameterType.BOOLEAN,
        documentation = "true: STARTTLS where it is offered; false: never; default: as relais.xml says.")
@Parameter(
        name = "sslEnable",
        type = ParameterType.BOOLEAN,
        defaultValue = "false",
        documentation = "Whether TLS begins with the first octet.")
@Parameter(
        name = "verifyServerIdentity",
        type = ParameterType.BOOLEAN,
        documentation = "true: TLS is required and the certificate must be trusted and name the host.")
@Parameter(name = "heloName", documentation = "Our name in EHLO; default: the home's host name.")
@Parameter(name = "bind", documentation = "The local address that connections come from.")
@Parameter(name = "timeout", documentation = "Has no effect: the deadlines are those of RFC 5321 §4.5.3.2.")
@Parameter(name = "connectiontimeout", documentation = "Has no effect: the deadlines are those of RFC 5321 §4.5.3.2.")
@Parameter(
        name = "delayTime",
        documentation = "Delays between attempts, such as 5 minutes, 3*1 hour; default: the home's retry schedule.")
@Parameter(
        name = "maxRetries",
        type = ParameterType.INTEGER,
        documentation = "Attempts after the first; default: the home's retry schedule.")
@Parameter(
        name = "maxDnsProblemRetries",
        type = ParameterType.INTEGER,
        defaultValue = "0",
        documentation = "Attempts after the first at a domain that DNS says does not exist.")
@Parameter(
        name = "deliveryThreads",
        type = ParameterType.INTEGER,
        documentation = "Has no effect: see <delivery> of relais.xml.")
@Parameter(
        name = "outgoing",
        defaultValue = "outgoing",
        documentation = "The delivery queue; two deliveries with different parameters need different ones.")
@Parameter(
        name = "bounceProcessor",
        type = ParameterType.PROCESSOR,
        defaultValue = "bounces",
        documentation = "The processor that makes bounces of mails that failed.")
@Parameter(
        name = "onSuccess",
        type = ParameterType.PROCESSOR,
        documentation = "A processor that gets a copy of each mail that was delivered.")
@Parameter(
        name = "usePriority",
        type = ParameterType.BOOLEAN,
        defaultValue = "false",
        documentation = "Whether first attempts go before retries, if the queue knows priorities.")
@Parameter(
        name = "sendpartial",
        type = ParameterType.BOOLEAN,
        defaultValue = "true",
        documentation = "Has no effect: each recipient has an outcome of its own.")
@Parameter(
        name = "debug",
        type = ParameterType.BOOLEAN,
        defaultValue = "false",
        documentation = "Has no effect: see the events of the mail.")
public final class RelayDelivery extends GenericMailet implements OutgoingMailet {
    private final Deliveries deliveries;
    private final RelaySettings home;
    private final MailEvents events;
    private @Nullable Running running;

    @Inject
    public RelayDelivery(Deliveries deliveries, RelaySettings home, MailEvents events) {
        this.deliveries = deliveries;
        this.home = home;
        this.events = new GuardedMailEvents(events);
    }

    @Override
    public void init() throws MessagingException {
        RelayParameters parameters = new RelayParameters(getMailetConfig());
        String bounceProcessor = parameters.bounceProcessor();
        running = new Running(
                parameters.name(),
                parameters.routes(home),
                parameters.retries(home),
                parameters.unknownDomainRetries(),
                parameters.usesPriority(),
                new RelayBounces(bounceProcessor, parameters.onSuccess()),
                bounceProcessor,
                parameters.onSuccess());
        deliveries.register(running);
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        events.record(JamesMailEvents.about(mail, MailEventKind.QUEUED)
                .with(
                        EventField.REASON,
                        "for delivery to other hosts, queue " + running().name().queue())
                .build());
        mail.setState(Mail.GHOST);
    }

    @Override
    public String delivery() {
        if (running == null) {
            throw new IllegalStateException("the delivery is not running");
        }
        return running.name().text();
    }

    @Override
    public int priority(Mail mail) {
        if (running != null && running.usesPriority()) {
            return EnvelopeDetails.HIGHEST_PRIORITY;
        }
        return AttributeUtils.getValueAndCastFromMail(mail, MailPrioritySupport.MAIL_PRIORITY, Integer.class)
                .map(priority -> Math.max(0, Math.min(EnvelopeDetails.HIGHEST_PRIORITY, priority)))
                .orElse(EnvelopeDetails.USUAL_PRIORITY);
    }

    private record Running(
            DeliveryName name,
            Routes routes,
            Retries retries,
            int unknownDomainRetries,
            boolean usesPriority,
            RelayBounces bounces,
            String bounceProcessor,
            Optional<String> onSuccess)
            implements Delivery {

        @Override
        public EnvelopeDetails failed(
                EnvelopeDetails details, Outcome outcome, String hop, Optional<Instant> attempted) {
            return bounces.failed(details, outcome, hop, attempted);
        }

        @Override
        public Optional<EnvelopeDetails> delivered(EnvelopeDetails details) {
            return bounces.delivered(details);
        }
    }

    private Running running() throws MessagingException {
        if (running == null) {
            throw new MessagingException("the delivery is not running");
        }
        return running;
    }

    @Override
    public Collection<ProcessingState> requiredProcessingState() {
        return running == null
                ? List.of()
                : Stream.concat(Stream.of(running.bounceProcessor()), running.onSuccess().stream())
                        .map(ProcessingState::new)
                        .toList();
    }

    @Override
    public void destroy() {
        if (running != null) {
            deliveries.unregister(running);
        }
    }

    @Override
    public String getMailetInfo() {
        return "Relais delivery to other hosts";
    }
}
