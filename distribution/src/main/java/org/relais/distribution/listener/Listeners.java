package org.relais.distribution.listener;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import javax.inject.Inject;
import javax.inject.Provider;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.relais.access.imap.james.ImapService;
import org.relais.access.imap.james.RelaisImapServer;
import org.relais.access.listener.SmtpListener;
import org.relais.access.pop3.MaildropLocks;
import org.relais.access.pop3.Maildrops;
import org.relais.access.pop3.james.RelaisPop3Server;
import org.relais.access.sieve.Scripts;
import org.relais.access.sieve.james.RelaisManageSieveServer;
import org.relais.access.smtp.SmtpServices;
import org.relais.access.transport.ListenException;
import org.relais.access.transport.ListenerTransport;
import org.relais.access.transport.TlsContext;
import org.relais.configuration.settings.Listener;
import org.relais.configuration.settings.RelaisSettings;

/**
 * Opens the listeners of relais.xml on one transport, in their order, and drains them side by side.
 *
 * <p>Start and close it once, from one thread; the listeners may be asked for by any.
 */
@Singleton
public final class Listeners {
    /** The largest Sieve script; users write a few kilobytes. */
    private static final int SCRIPT_OCTETS = 256 << 10;

    /** A listener of relais.xml and where it is bound. */
    public record Bound(Listener listener, InetSocketAddress address) {}

    private final RelaisSettings settings;
    private final ListenerMapping mapping;
    private final ListenerTransport transport;
    private final TlsContext tls;
    private final SmtpServices smtp;
    private final ListenerHooks hooks;
    private final Provider<ImapService> imap;
    private final Maildrops maildrops;
    private final Scripts scripts;
    private final MaildropLocks maildropLocks = new MaildropLocks();
    private final List<RelaisImapServer> imapServers = new ArrayList<>();
    private volatile List<Bound> bound = List.of();

    @Inject
    Listeners(
            RelaisSettings settings,
            ListenerTransport transport,
            TlsContext tls,
            SmtpServices smtp,
            ListenerHooks hooks,
            Provider<ImapService> imap,
            Maildrops maildrops,
            Scripts scripts) {
        this.settings = settings;
        this.mapping = new ListenerMapping(settings);
        this.transport = transport;
        this.tls = tls;
        this.smtp = smtp;
        this.hooks = hooks;
        this.imap = imap;
        this.maildrops = maildrops;
        this.scripts = scripts;
    }

    /** @throws ListenException naming the first listener that cannot be opened; those before it stay open for close() */
    public void open() throws ListenException {
        List<Bound> opened = new ArrayList<>();
        for (Listener listener : settings.listeners()) {
            opened.add(new Bound(listener, open(listener)));
        }
        bound = List.copyOf(opened);
    }

    /** Those that are open, in the order of relais.xml. */
    public List<Bound> bound() {
        return bound;
    }

    /** Stops accepting, lets transactions end within the drain timeout, and closes what is left. */
    public void close() {
        transport.drain(settings.limits().drainTimeout());
        imapServers.forEach(RelaisImapServer::close);
        transport.close();
    }

    private InetSocketAddress open(Listener listener) throws ListenException {
        return switch (listener.protocol()) {
            case SMTP, SUBMISSION, LMTP -> openSmtp(listener);
            case IMAP -> openImap(listener);
            case POP3 -> openPop3(listener);
            case MANAGESIEVE -> openManageSieve(listener);
        };
    }

    private InetSocketAddress openSmtp(Listener listener) throws ListenException {
        SmtpListener opened = new SmtpListener(
                transport,
                mapping.options(listener),
                mapping.smtp(listener),
                smtp.with(hooks.of(listener)),
                tlsFor(listener));
        opened.start();
        return opened.address();
    }

    private InetSocketAddress openImap(Listener listener) throws ListenException {
        RelaisImapServer server = new RelaisImapServer(
                mapping.options(listener), mapping.imap(), tlsFor(listener), transport, imap.get());
        imapServers.add(server);
        return server.start().address();
    }

    private InetSocketAddress openPop3(Listener listener) throws ListenException {
        RelaisPop3Server server =
                new RelaisPop3Server(mapping.options(listener), tlsFor(listener), transport, maildrops, maildropLocks);
        return server.start().address();
    }

    private InetSocketAddress openManageSieve(Listener listener) throws ListenException {
        RelaisManageSieveServer server = new RelaisManageSieveServer(
                mapping.options(listener), tlsFor(listener), transport, scripts, SCRIPT_OCTETS);
        return server.start().address();
    }

    private @Nullable TlsContext tlsFor(Listener listener) {
        return switch (listener.tls()) {
            case NONE -> null;
            case STARTTLS, IMPLICIT -> tls;
        };
    }
}
