package org.relais.mailets.delivery;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.mailet.Mail;
import org.apache.mailet.ProcessingState;
import org.apache.mailet.base.GenericMailet;
import org.jspecify.annotations.Nullable;
import org.relais.chain.james.GuardedMailEvents;
import org.relais.chain.james.MailCopies;
import org.relais.chain.james.NamedThreads;
import org.relais.chain.james.PartlyDoneException;
import org.relais.chain.james.QueueWorkers;
import org.relais.extension.Documentation;
import org.relais.extension.Parameter;
import org.relais.extension.ParameterType;
import org.relais.mailets.relay.Attempts;
import org.relais.mailets.relay.RelaySettings;
import org.relais.model.QueueIdGenerator;
import org.relais.model.event.MailEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands mails to the delivery queue, in one part for each domain (one in all for a smart host), and works that queue off.
 *
 * <p>The settings of the home hold where the chain gives no parameter. {@link #service} returns when the queue has all
 * parts; if it takes only some, the chain comes back with the rest. Called by many threads; {@link #destroy} lets
 * attempts under way come to their end within the drain bound.
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
@Parameter(name = "timeout", documentation = "The wait for each reply, in milliseconds or such as 30s.")
@Parameter(name = "connectiontimeout", documentation = "The wait for a connection, in milliseconds or such as 30s.")
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
        documentation = "Mails under way at the same time; default: as relais.xml says.")
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
public final class RelayDelivery extends GenericMailet {
    private static final Logger LOGGER = LoggerFactory.getLogger(RelayDelivery.class);

    private final DNSService dns;
    private final MailQueueFactory<?> queues;
    private final RelaySettings home;
    private final RelayEvents events;
    private final InstantSource clock;
    private final MailCopies copies;
    private @Nullable Running running;

    private record Running(
            MailQueue queue,
            QueueWorkers workers,
            RelaySettings settings,
            boolean isOneForAll,
            boolean usesPriority,
            Optional<String> onSuccess) {}

    @Inject
    public RelayDelivery(
            DNSService dns,
            MailQueueFactory<?> queues,
            RelaySettings home,
            MailEvents events,
            InstantSource clock,
            QueueIdGenerator ids) {
        this.dns = dns;
        this.queues = queues;
        this.home = home;
        this.events = new RelayEvents(new GuardedMailEvents(events));
        this.clock = clock;
        this.copies = new MailCopies(ids);
    }

    @Override
    public void init() throws MessagingException {
        RelayParameters parameters = new RelayParameters(getMailetConfig());
        RelaySettings settings = parameters.over(home);
        NextHops nextHops = new NextHops(dns, settings.smartHosts(), settings.port());
        RelayAttempt attempt = new RelayAttempt(
                nextHops,
                new SmtpHop(settings, parameters.bind(), parameters.javaMail()),
                parameters.shufflesGateways(),
                parameters.unknownDomainRetries(),
                events,
                clock);
        RelayBounces bounces =
                new RelayBounces(getMailetContext(), copies, settings.bounceProcessor(), parameters.onSuccess());
        MailQueue queue = queues.createQueue(MailQueueName.of(parameters.queue()));
        RelayWorker worker =
                new RelayWorker(queue, attempt, settings.schedule(), bounces, events, clock, parameters.usesPriority());
        QueueWorkers workers = new QueueWorkers(
                queue, settings.threads(), new NamedThreads("relay-" + parameters.queue()), worker::work);
        running = new Running(
                queue, workers, settings, nextHops.isSameForAll(), parameters.usesPriority(), parameters.onSuccess());
        workers.start();
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        Running current = running();
        List<MailAddress> left = new ArrayList<>(mail.getRecipients());
        for (List<MailAddress> group : groups(mail, current.isOneForAll())) {
            try {
                enqueue(mail, group, current);
                left.removeAll(group);
            } catch (MessagingException | RuntimeException e) {
                mail.setRecipients(left);
                throw new PartlyDoneException("the delivery queue did not take the mail for " + left, e);
            }
        }
        mail.setState(Mail.GHOST);
    }

    private void enqueue(Mail mail, List<MailAddress> recipients, Running current) throws MessagingException {
        Mail part = copies.part(mail, recipients);
        try {
            AttemptsOfMail.write(part, Attempts.none(clock.instant()));
            if (current.usesPriority()) {
                part.setAttribute(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE);
            }
            current.queue().enQueue(part);
            events.queued(part, current.queue().getName().asString());
        } finally {
            MailCopies.dispose(part);
        }
    }

    private static Collection<List<MailAddress>> groups(Mail mail, boolean isOneForAll) {
        Map<Domain, List<MailAddress>> byDomain = new LinkedHashMap<>();
        for (MailAddress recipient : mail.getRecipients()) {
            Domain key = isOneForAll ? Domain.LOCALHOST : recipient.getDomain();
            byDomain.computeIfAbsent(key, any -> new ArrayList<>()).add(recipient);
        }
        return byDomain.values();
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
                : Stream.concat(Stream.of(running.settings().bounceProcessor()), running.onSuccess().stream())
                        .map(ProcessingState::new)
                        .toList();
    }

    @Override
    public void destroy() {
        if (running == null) {
            return;
        }
        running.workers().stop(running.settings().drain());
        try {
            running.queue().close();
        } catch (IOException e) {
            LOGGER.warn("the delivery queue did not close cleanly", e);
        }
    }

    @Override
    public String getMailetInfo() {
        return "Relais delivery to other hosts";
    }
}
