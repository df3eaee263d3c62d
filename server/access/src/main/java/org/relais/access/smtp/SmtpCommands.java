package org.relais.access.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.model.event.EventField;
import org.relais.model.event.MailEventKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands of a session, but for what a {@link MailTransaction} knows; used by one thread at a time. */
final class SmtpCommands {
    private static final Logger LOGGER = LoggerFactory.getLogger(SmtpCommands.class);

    private final SmtpOptions options;
    private final SmtpServices services;
    private final SessionState session;
    private final MailTransaction transaction;
    private final HookedCommands hooks;
    private @Nullable AuthDialogue authentication;
    private boolean tlsRequested;

    SmtpCommands(
            SmtpOptions options,
            SmtpServices services,
            SessionState session,
            MailTransaction transaction,
            HookedCommands hooks) {
        this.options = options;
        this.services = services;
        this.session = session;
        this.transaction = transaction;
        this.hooks = hooks;
    }

    static String verbOf(String line) {
        int blank = line.indexOf(' ');
        return (blank < 0 ? line : line.substring(0, blank)).toUpperCase(Locale.ROOT);
    }

    /** Whether STARTTLS was just accepted; asked once. */
    boolean takeTlsRequest() {
        boolean requested = tlsRequested;
        tlsRequested = false;
        return requested;
    }

    boolean isAuthenticating() {
        return authentication != null;
    }

    Answer execute(String line) {
        String command = line.strip();
        String verb = verbOf(command);
        try {
            if (!isPrintable(line)) {
                throw "BDAT".equals(verb) ? unreadableChunk() : new Refused(500, "5.5.2", "Not a command");
            }
            return dispatch(verb, command.substring(verb.length()).strip());
        } catch (Refused e) {
            return e.reply();
        } catch (RuntimeException e) {
            LOGGER.error("{} of session {} failed by an error of ours", verb, session.id(), e);
            return Replies.LOCAL_PROBLEM;
        }
    }

    /** What follows is content, but nobody knows how much: see {@link ChunkArgument#parse}. */
    static Refused unreadableChunk() {
        return new Refused(521, "5.5.2", "Not a BDAT command; closing connection");
    }

    private static boolean isPrintable(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' || c > '~') && c != '\t') {
                return false;
            }
        }
        return true;
    }

    private Answer dispatch(String verb, String argument) throws Refused {
        switch (verb) {
            case "HELO":
            case "EHLO":
            case "LHLO":
                return hello(verb, argument);
            case "MAIL":
                return transaction.mail(argument);
            case "RCPT":
                return transaction.rcpt(argument);
            case "DATA":
                return transaction.data(argument);
            case "BDAT":
                return transaction.bdat(argument);
            case "RSET":
                transaction.reset();
                return Replies.OK;
            case "NOOP":
                return Replies.OK;
            case "VRFY":
                return Reply.of(252, "2.5.0", "Send a mail and see");
            case "EXPN":
                return Reply.of(502, "5.5.1", "EXPN is not offered");
            case "HELP":
                return Reply.of(214, "2.0.0", "RFC 5321 tells all");
            case "QUIT":
                return quit();
            case "STARTTLS":
                return startTls(argument);
            case "AUTH":
                return auth(argument);
            default:
                return unknown(verb, argument);
        }
    }

    private Answer quit() {
        if (!hooks.concern(HookPoint.QUIT)) {
            return farewell();
        }
        HookView view = hooks.view();
        return new Answer.Elsewhere(
                () -> {
                    hooks.hooks().quit(view);
                    return this::farewell;
                },
                this::farewell);
    }

    private Reply farewell() {
        session.end();
        transaction.reset();
        return Reply.of(221, "2.0.0", options.hostname() + " closing connection");
    }

    private Answer unknown(String verb, String argument) {
        Reply reply = Reply.of(500, "5.5.2", "Unknown command");
        if (!hooks.concern(HookPoint.UNKNOWN)) {
            return reply;
        }
        HookView view = hooks.view();
        return hooks.ask(() -> hooks.hooks().unknown(view, (verb + " " + argument).strip()), () -> reply);
    }

    private Answer hello(String verb, String argument) throws Refused {
        boolean lmtp = options.role() == Role.LMTP;
        if (lmtp != "LHLO".equals(verb)) {
            throw new Refused(500, "5.5.1", lmtp ? "This is LMTP: say LHLO" : "This is SMTP: say EHLO");
        }
        if (argument.isEmpty() || argument.length() > 255 || argument.indexOf(' ') >= 0) {
            throw new Refused(501, "5.5.4", "Syntax: " + verb + " hostname");
        }
        boolean isExtended = !"HELO".equals(verb);
        if (!hooks.concern(HookPoint.HELO)) {
            return greeted(argument, isExtended, List.of());
        }
        HookView view = hooks.view();
        return new Answer.Elsewhere(() -> {
            SessionHooks.Greeting greeting = hooks.hooks().hello(view, argument);
            return () -> hooks.conclude(
                    greeting.verdict(), () -> greeted(argument, isExtended, greeting.features()), reply -> reply);
        });
    }

    private Reply greeted(String name, boolean isExtended, List<String> features) {
        transaction.reset();
        session.greetedAs(name, isExtended);
        return isExtended
                ? Reply.plain(250, extensions(features).toArray(String[]::new))
                : Reply.plain(250, options.hostname());
    }

    private List<String> extensions(List<String> features) {
        List<String> lines = new ArrayList<>();
        lines.add(options.hostname());
        lines.add("PIPELINING");
        lines.add("SIZE " + options.messageOctets());
        if (options.offersStartTls() && !session.isEncrypted()) {
            lines.add("STARTTLS");
        }
        if (session.isEncrypted() && options.role() != Role.LMTP) {
            lines.add("AUTH PLAIN LOGIN");
        }
        lines.add("8BITMIME");
        lines.add("ENHANCEDSTATUSCODES");
        lines.add("CHUNKING");
        lines.add("DSN");
        lines.addAll(features);
        return lines;
    }

    private Reply startTls(String argument) throws Refused {
        if (!options.offersStartTls()) {
            throw new Refused(502, "5.5.1", "STARTTLS is not offered");
        }
        if (session.isEncrypted()) {
            throw new Refused(503, "5.5.1", "TLS is in use already");
        }
        if (!argument.isEmpty()) {
            throw new Refused(501, "5.5.4", "STARTTLS takes no argument");
        }
        tlsRequested = true;
        return Reply.of(220, "2.0.0", "Ready to start TLS");
    }

    private Answer auth(String argument) throws Refused {
        if (options.role() == Role.LMTP) {
            throw new Refused(502, "5.5.1", "AUTH is not offered");
        }
        if (!session.isEncrypted()) {
            throw authRefused(Reply.of(538, "5.7.11", "Encryption required for authentication"), null);
        }
        if (!session.hasGreeted() || session.isAuthenticated() || transaction.isOpen()) {
            throw new Refused(503, "5.5.1", "AUTH is not possible now");
        }
        String[] words = argument.split(" +", 2);
        AuthDialogue dialogue = AuthDialogue.of(words[0]);
        authentication = dialogue;
        return words.length > 1 ? respond(words[1]) : Reply.plain(334, dialogue.challenge());
    }

    /** Takes a line of the authentication dialogue. */
    Answer respond(String response) {
        AuthDialogue dialogue = authentication;
        if (dialogue == null) {
            throw new IllegalStateException("no AUTH was begun");
        }
        try {
            Optional<AuthDialogue.Credentials> credentials = dialogue.respond(response);
            if (credentials.isEmpty()) {
                return Reply.plain(334, dialogue.challenge());
            }
            authentication = null;
            return authenticate(credentials.get());
        } catch (Refused e) {
            return cancelAuthentication(e.reply());
        }
    }

    Reply cancelAuthentication(Reply reply) {
        authentication = null;
        return reply;
    }

    /** Password hashes are made to be slow: never on an event loop. */
    private Answer authenticate(AuthDialogue.Credentials credentials) {
        HookView view = hooks.concern(HookPoint.AUTH) ? hooks.view() : null;
        return new Answer.Elsewhere(() -> {
            try {
                if (view != null) {
                    SessionHooks.Login login =
                            hooks.hooks().authenticate(view, credentials.name(), credentials.password());
                    if (login.verdict().reply() != null || login.user() != null) {
                        return () -> hooks.conclude(
                                login.verdict(),
                                () -> authenticated(credentials, login.userIfAny()),
                                reply -> authRefused(reply, credentials.name()).reply());
                    }
                }
                Optional<String> user =
                        services.authenticator().authenticate(credentials.name(), credentials.password());
                return () -> authenticated(credentials, user);
            } catch (RuntimeException e) {
                LOGGER.error("AUTH of session {} failed by an error of ours", session.id(), e);
                return () -> Reply.of(454, "4.7.0", "Temporary authentication failure");
            }
        });
    }

    private Reply authenticated(AuthDialogue.Credentials credentials, Optional<String> user) {
        if (user.isEmpty()) {
            return authRefused(Reply.of(535, "5.7.8", "Authentication failed"), credentials.name())
                    .reply();
        }
        session.authenticatedAs(user.get());
        return Reply.of(235, "2.7.0", "Authentication successful");
    }

    private Refused authRefused(Reply reply, @Nullable String name) {
        services.events()
                .record(session.event(MailEventKind.REFUSED)
                        .with(EventField.USER, name)
                        .with(EventField.REASON, "AUTH")
                        .with(EventField.REPLY, reply.summary())
                        .with(EventField.STATUS, reply.status())
                        .build());
        return new Refused(reply);
    }
}
