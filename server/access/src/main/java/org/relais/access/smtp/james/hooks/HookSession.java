package org.relais.access.smtp.james.hooks;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.core.Username;
import org.apache.james.protocols.api.ProxyInformation;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.smtpserver.ExtendedSMTPSession;
import org.relais.access.smtp.HookView;
import org.relais.access.smtp.MailPath;
import org.relais.access.smtp.SessionFacts;
import org.relais.access.smtp.SmtpOptions;

/**
 * Our session as James's hooks see it: one that extends James's own, as some of its hooks cast to it.
 *
 * <p>Attachments live as long as James's: those of the connection until STARTTLS, those of the transaction until it ends
 * or is reset. Nothing that a hook sets here changes our session, but the user name in AUTH: whether the session may relay
 * is ours to say. Used by one thread at a time, never by the event loop once it is made.
 */
final class HookSession extends ExtendedSMTPSession {
    private final HookTransport transport;
    private SessionFacts facts;
    private long transaction;

    HookSession(SmtpOptions options, SessionFacts facts, InetSocketAddress local) {
        this(options, facts, new HookTransport(facts, options.offersStartTls(), local));
    }

    private HookSession(SmtpOptions options, SessionFacts facts, HookTransport transport) {
        super(new ListenerConfiguration(options), transport);
        this.transport = transport;
        this.facts = facts;
    }

    SessionFacts facts() {
        return facts;
    }

    /** Takes over what became of our session. */
    void update(HookView view) {
        if (facts.tls() == null && view.session().tls() != null) {
            // RFC 3207 §4.2: what was said before the handshake is forgotten.
            getConnectionState().clear();
        }
        facts = view.session();
        transport.update(facts);
        if (view.transaction() != transaction) {
            transaction = view.transaction();
            resetState();
        }
        setUsername(facts.user() == null ? null : Username.of(facts.user()));
        super.setRelayingAllowed(facts.mayRelay());
        if (!facts.helo().isEmpty()) {
            greeted(facts.helo(), facts.isExtended());
        }
        envelope(view);
    }

    /** HELO or EHLO, from the moment it is said. */
    void greeted(String name, boolean isExtended) {
        setAttachment(SMTPSession.CURRENT_HELO_NAME, name, State.Connection);
        setAttachment(SMTPSession.CURRENT_HELO_MODE, isExtended ? "EHLO" : "HELO", State.Connection);
    }

    private void envelope(HookView view) {
        MailPath reversePath = view.reversePath();
        if (reversePath == null) {
            return;
        }
        setAttachment(SMTPSession.SENDER, Addresses.sender(reversePath), State.Transaction);
        List<MailAddress> recipients =
                view.forwardPaths().stream().map(Addresses::of).toList();
        setAttachment(SMTPSession.RCPT_LIST, recipients, State.Transaction);
    }

    MaybeSender sender() {
        return getAttachment(SMTPSession.SENDER, State.Transaction).orElse(MaybeSender.nullSender());
    }

    @Override
    public void setRelayingAllowed(boolean relayingAllowed) {
        // Deviation: <relayFrom> and a login are the only ways to relay; a hook that says so changes nothing.
    }

    @Override
    public Optional<ProxyInformation> getProxyInformation() {
        return Optional.empty();
    }
}
