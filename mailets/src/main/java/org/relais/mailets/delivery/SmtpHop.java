package org.relais.mailets.delivery;

import com.sun.mail.smtp.SMTPTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.URLName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.james.core.MailAddress;
import org.relais.mailets.relay.Credentials;
import org.relais.mailets.relay.Outcome;
import org.relais.mailets.relay.RelaySettings;
import org.relais.mailets.relay.TlsPolicy;
import org.relais.model.EnhancedStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands one mail to one next hop, over JavaMail.
 *
 * <p>A connection of its own for each attempt. What goes wrong before MAIL, AUTH and the TLS policy included, concerns
 * the host; what goes wrong later concerns the mail or single recipients. Nothing that a remote MTA does is an exception
 * to the caller but {@link HopUnavailableException}. Used by many threads.
 */
final class SmtpHop {
    private static final Logger LOGGER = LoggerFactory.getLogger(SmtpHop.class);
    private static final EnhancedStatus CONVERSION_NEEDED = new EnhancedStatus(5, 6, 3);
    private static final String NO_TLS = "none";

    private final RelaySettings settings;
    private final Optional<InetAddress> bind;
    private final Map<String, String> javaMail;

    SmtpHop(RelaySettings settings, Optional<InetAddress> bind, Map<String, String> javaMail) {
        this.settings = settings;
        this.bind = bind;
        this.javaMail = Map.copyOf(javaMail);
    }

    HopReport send(NextHop hop, Envelope envelope, WireMessage message) throws HopUnavailableException {
        try (Line line = connect(hop, envelope)) {
            if (message.has8Bit() && !line.transport.supportsExtension("8BITMIME")) {
                return line.report(all(
                        envelope,
                        new Outcome.Failed(
                                CONVERSION_NEEDED,
                                "5.6.3 The content has 8-bit octets and " + hop.host()
                                        + " does not take them (no 8BITMIME); nothing was converted")));
            }
            return line.report(new SmtpTransaction(line.transport, line.session).send(envelope, message));
        }
    }

    private Line connect(NextHop hop, Envelope envelope) throws HopUnavailableException {
        boolean mayUseTls = settings.tls() != TlsPolicy.NONE;
        try {
            return open(hop, envelope, mayUseTls);
        } catch (MessagingException | IOException e) {
            if (settings.tls() == TlsPolicy.OPPORTUNISTIC && !needsTls() && isTlsFault(e) && !hop.isImplicitTls()) {
                LOGGER.info("{} offers TLS that fails ({}); going on in the clear", hop, e.getMessage());
                return openInTheClear(hop, envelope);
            }
            throw new HopUnavailableException(describe(e), e);
        }
    }

    private Line openInTheClear(NextHop hop, Envelope envelope) throws HopUnavailableException {
        try {
            return open(hop, envelope, false);
        } catch (MessagingException | IOException e) {
            throw new HopUnavailableException(describe(e), e);
        }
    }

    private Line open(NextHop hop, Envelope envelope, boolean mayUseTls) throws MessagingException, IOException {
        TlsSockets tls = new TlsSockets(settings.tls() == TlsPolicy.VERIFIED);
        Session session = Session.getInstance(properties(envelope, mayUseTls, tls));
        Socket socket = new Socket();
        // JavaMail writes the last dot by itself: with Nagle's algorithm each mail would wait 40 ms for an ACK.
        socket.setTcpNoDelay(true);
        try {
            if (bind.isPresent()) {
                socket.bind(new InetSocketAddress(bind.get(), 0));
            }
            socket.connect(new InetSocketAddress(hop.address(), hop.port()), millis(settings.connectTimeout()));
            socket.setSoTimeout(millis(settings.replyTimeout()));
            if (hop.isImplicitTls()) {
                socket = tls.createSocket(socket, hop.host(), hop.port(), true);
                ((SSLSocket) socket).startHandshake();
            }
            Optional<Credentials> login = settings.credentials();
            SMTPTransport transport = new SMTPTransport(
                    session,
                    new URLName(
                            "smtp",
                            hop.host(),
                            hop.port(),
                            null,
                            login.map(Credentials::user).orElse(null),
                            login.map(Credentials::password).orElse(null)));
            transport.connect(socket);
            return new Line(transport, session, tls);
        } catch (MessagingException | IOException | RuntimeException e) {
            closeQuietly(socket);
            throw e;
        }
    }

    private Properties properties(Envelope envelope, boolean mayUseTls, TlsSockets tls) {
        Properties properties = new Properties();
        properties.put("mail.smtp.from", envelope.reversePath());
        properties.put("mail.smtp.localhost", settings.heloName());
        properties.put("mail.smtp.sendpartial", "true");
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.smtp.starttls.enable", Boolean.toString(mayUseTls));
        properties.put("mail.smtp.starttls.required", Boolean.toString(mayUseTls && needsTls()));
        properties.put("mail.smtp.auth", Boolean.toString(settings.credentials().isPresent()));
        properties.putAll(javaMail);
        properties.put("mail.smtp.ssl.socketFactory", tls);
        return properties;
    }

    /** A password never goes over a clear line unless TLS was switched off in so many words. */
    private boolean needsTls() {
        return settings.tls().isMandatory() || (settings.credentials().isPresent() && settings.tls() != TlsPolicy.NONE);
    }

    private static boolean isTlsFault(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    private static String describe(Exception e) {
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        Throwable cause = e.getCause();
        return cause == null || cause.getMessage() == null || text.contains(cause.getMessage())
                ? text
                : text + ": " + cause.getMessage();
    }

    private static Map<MailAddress, Outcome> all(Envelope envelope, Outcome outcome) {
        Map<MailAddress, Outcome> outcomes = new LinkedHashMap<>();
        envelope.recipients().forEach(recipient -> outcomes.put(recipient, outcome));
        return outcomes;
    }

    private static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, duration.toMillis()));
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOGGER.debug("a broken connection did not close", e);
        }
    }

    /** A connection on which EHLO, STARTTLS and AUTH are done. */
    private record Line(SMTPTransport transport, Session session, TlsSockets tls) implements AutoCloseable {
        HopReport report(Map<MailAddress, Outcome> outcomes) {
            String reply = transport.getLastServerResponse();
            return new HopReport(
                    outcomes, reply == null ? "" : reply.strip(), tls.session().orElse(NO_TLS));
        }

        /** The mail's fate is settled by now: a fault while saying QUIT changes nothing. */
        @Override
        public void close() {
            try {
                transport.close();
            } catch (MessagingException e) {
                LOGGER.debug("QUIT failed", e);
            }
        }
    }
}
