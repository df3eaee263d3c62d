package org.relais.mailets.rewriting;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.jspecify.annotations.Nullable;
import org.relais.extension.Documentation;
import org.relais.extension.Parameter;
import org.relais.extension.ParameterType;
import org.relais.spool.james.DsnAttributes;
import org.relais.spool.james.SpoolMessage;
import org.relais.spool.mail.DsnRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a mail to other addresses, octet for octet, with its reverse-path and what its sender asks for by RFC 3461. Called by many threads.
 *
 * <p>Stands for James's mailet of that name, whose 3.8.1 sends empty mails: its default for attachments, none, replaces
 * the text as well. As there, a mail that was forwarded eight times over is not forwarded again; the mailet throws.
 * Deviation: a mail whose new addresses are words that stand for nobody ({@code sender} of the null reverse-path) goes
 * on, where James sends it to its old recipients.
 */
@Documentation(value = "Sends the mail to other addresses, octet for octet.", endsProcessing = true)
@Parameter(
        name = "forwardTo",
        documentation = "The new forward-paths, separated by commas; this or forwardto has to be there.")
@Parameter(name = "forwardto", documentation = "The older spelling of forwardTo.")
@Parameter(
        name = "passThrough",
        type = ParameterType.BOOLEAN,
        defaultValue = "false",
        documentation = "true lets the original go on as well.")
@Parameter(
        name = "fakeDomainCheck",
        type = ParameterType.BOOLEAN,
        defaultValue = "false",
        documentation = "Does not forward for a reverse-path whose domain has no mail server.")
@Parameter(
        name = "debug",
        type = ParameterType.BOOLEAN,
        defaultValue = "false",
        documentation = "Has no effect: see the events of the mail.")
public final class Forward extends GenericMailet {
    private static final Logger LOGGER = LoggerFactory.getLogger(Forward.class);
    private static final Set<String> PARAMETERS =
            Set.of("forwardTo", "forwardto", "passThrough", "fakeDomainCheck", "debug");

    private static final List<String> WHEN = List.of("SUCCESS", "FAILURE", "DELAY");
    /** What no NOTIFY stands for. */
    private static final List<String> USUAL = List.of("FAILURE", "DELAY");

    private final DNSService dns;
    private @Nullable ForwardPaths forwardPaths;
    private boolean passThrough;
    private boolean fakeDomainCheck;

    @Inject
    public Forward(DNSService dns) {
        this.dns = dns;
    }

    @Override
    public void init() throws MessagingException {
        checkInitParameters(PARAMETERS);
        String text = getInitParameter("forwardto", getInitParameter("forwardTo", ""));
        if (text.isBlank()) {
            throw new MessagingException("Forward needs forwardTo: the addresses to forward to");
        }
        forwardPaths = ForwardPaths.parse(text, getMailetContext());
        passThrough = getInitParameter("passThrough", false);
        fakeDomainCheck = getInitParameter("fakeDomainCheck", false);
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        if (forwardPaths == null) {
            throw new MessagingException("Forward was not initialised");
        }
        Set<MailAddress> recipients = forwardPaths.of(mail);
        if (recipients.isEmpty()) {
            LOGGER.warn("mail {}: forwardTo stands for nobody here; it is not forwarded and goes on", mail.getName());
            return;
        }
        checkDomain(mail);
        forward(mail, recipients);
        if (!passThrough) {
            mail.setState(Mail.GHOST);
        }
    }

    /** Else a chain that forwards mail of such domains would forward what it forwarded. */
    @SuppressWarnings("deprecation") // The context's answer knows what James's own mailets know.
    private void checkDomain(Mail mail) throws MessagingException {
        if (fakeDomainCheck
                && mail.hasSender()
                && getMailetContext()
                        .getMailServers(mail.getMaybeSender().get().getDomain())
                        .isEmpty()) {
            throw new MessagingException("not forwarded: the domain of the reverse-path "
                    + mail.getMaybeSender().asString() + " has no mail server");
        }
    }

    private void forward(Mail mail, Set<MailAddress> recipients) throws MessagingException {
        // Throws when the mail's name shows that it was derived from others too often.
        MailImpl forwarded = MailImpl.duplicateWithoutMessage(mail).build();
        try {
            forwarded.setMessageNoCopy(SpoolMessage.over(mail.getMessage()));
            forwarded.setRecipients(recipients);
            forwarded.removeAllAttributes();
            DsnRequest asked = asked(mail);
            Map<String, DsnRequest> requests = new LinkedHashMap<>();
            recipients.forEach(recipient -> requests.put(recipient.asString(), asked));
            DsnAttributes.show(forwarded, requests);
            setOrigin(forwarded);
            getMailetContext().sendMail(forwarded);
        } finally {
            LifecycleUtil.dispose(forwarded);
        }
    }

    /**
     * RFC 3461 §5.2.7.2: that of the recipient whom the new ones stand for. They cannot stand for several: then what was
     * asked for any of them holds, and ORCPT goes.
     */
    private static DsnRequest asked(Mail mail) {
        DsnAttributes dsn = DsnAttributes.of(mail);
        List<DsnRequest> requests =
                mail.getRecipients().stream().map(dsn::of).distinct().toList();
        return requests.size() == 1 && mail.getRecipients().size() == 1
                ? requests.get(0)
                : dsn.ofMail().forRecipient(notifyWhen(requests), "");
    }

    private static String notifyWhen(List<DsnRequest> requests) {
        Set<String> asked = new HashSet<>();
        for (DsnRequest request : requests) {
            if (request.notifyWhen().isEmpty()) {
                asked.addAll(USUAL);
            } else {
                asked.addAll(List.of(request.notifyWhen().split(",")));
            }
        }
        boolean isUsual =
                requests.stream().allMatch(request -> request.notifyWhen().isEmpty());
        if (isUsual) {
            return "";
        }
        return asked.equals(Set.of("NEVER"))
                ? "NEVER"
                : WHEN.stream().filter(asked::contains).collect(Collectors.joining(","));
    }

    /** The chain treats it as a mail from this host. */
    private void setOrigin(MailImpl mail) {
        try {
            InetAddress here = dns.getLocalHost();
            mail.setRemoteAddr(here.getHostAddress());
            mail.setRemoteHost(here.getHostName());
        } catch (UnknownHostException e) {
            mail.setRemoteAddr("127.0.0.1");
            mail.setRemoteHost("localhost");
        }
    }

    @Override
    public String getMailetInfo() {
        return "Relais forward";
    }
}
