package org.relais.administration.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.administration.json.JsonWriter;
import org.relais.administration.port.FirstUser;
import org.relais.administration.port.ListenerView;
import org.relais.administration.port.ListenerView.Tls;
import org.relais.configuration.home.Home;

/**
 * What {@code relais run} says when it is ready: every listener, the home, the first user, and lines that work as
 * printed. The password stands in it only at the start that made the user; later swaks asks for it.
 */
final class Banner {
    private static final String VOLATILE =
            "Mailboxes are in memory in this version: what is in them is gone after a restart.";

    private final String launcher;
    private final Version version;
    private final Home home;
    private final List<ListenerView> listeners;
    private final FirstUser firstUser;

    /**
     * Prepares it.
     *
     * @param launcher how the person called relais, such as {@code ./relais}
     */
    Banner(String launcher, Version version, Home home, List<ListenerView> listeners, FirstUser firstUser) {
        this.launcher = launcher;
        this.version = version;
        this.home = home;
        this.listeners = List.copyOf(listeners);
        this.firstUser = firstUser;
    }

    String text() {
        var text = new StringBuilder();
        var address = firstUser.address().toString();
        text.append("\nRelais ").append(version.relais()).append(" is running.\n\n");
        for (var listener : listeners) {
            text.append(String.format(
                    "  %-15s %-22s %s%n", listener.protocol(), listener.socket(), inWords(listener.tls())));
        }
        text.append("\n  home            ").append(home.root()).append('\n');
        text.append("  configuration   ").append(home.relaisXml()).append('\n');
        text.append("                  ").append(home.chainXml()).append('\n');
        text.append("  first user      ").append(address).append('\n');
        firstUser
                .made()
                .ifPresentOrElse(
                        made -> text.append("  password        ")
                                .append(made.password().value())
                                .append("   (shown this once)\n"),
                        () -> text.append("  password        forgotten? ")
                                .append(command("user password " + address))
                                .append('\n'));
        text.append("  more users      ")
                .append(command("user add NAME@" + firstUser.address().domain()))
                .append('\n');
        text.append("\n  ").append(VOLATILE).append('\n');
        firstMail(text, address);
        text.append("\nCtrl-C stops it, and so does ").append(command("stop")).append('\n');
        return text.toString();
    }

    private void firstMail(StringBuilder text, String address) {
        find("smtp", Tls.STARTTLS, Tls.NONE)
                .ifPresent(smtp -> text.append("\nA first mail, typed by hand:\n\n  telnet ")
                        .append(smtp.reachableAddress())
                        .append(' ')
                        .append(smtp.port())
                        .append("\n\n  and there, line by line: HELO me.example, MAIL FROM:<me@me.example>, RCPT TO:<")
                        .append(address)
                        .append(">,\n  DATA, Subject: hello, an empty line, some text, a line with one dot, QUIT\n"));
        find("submission", Tls.STARTTLS, Tls.IMPLICIT)
                .ifPresent(submission -> text.append("\nOne as a user's program sends it:\n\n  swaks --server ")
                        .append(submission.reachableAddress())
                        .append(" --port ")
                        .append(submission.port())
                        .append(submission.tls() == Tls.IMPLICIT ? " --tls-on-connect" : " --tls")
                        .append(" --auth PLAIN --auth-user ")
                        .append(Shell.quote(address))
                        .append(firstUser
                                .made()
                                .map(made -> " --auth-password "
                                        + Shell.quote(made.password().value()))
                                .orElse(""))
                        .append(" --from ")
                        .append(Shell.quote(address))
                        .append(" --to ")
                        .append(Shell.quote(address))
                        .append('\n'));
        find("imap", Tls.IMPLICIT, Tls.STARTTLS)
                .ifPresent(imap -> text.append("\nAnd reading it (then type: a LOGIN ")
                        .append(address)
                        .append(
                                " PASSWORD, b SELECT INBOX, c FETCH 1 BODY[], d LOGOUT):\n\n  openssl s_client -quiet -crlf ")
                        .append(imap.tls() == Tls.IMPLICIT ? "" : "-starttls imap ")
                        .append("-connect ")
                        .append(imap.reachableSocket())
                        .append('\n'));
    }

    private Optional<ListenerView> find(String protocol, Tls... preferred) {
        for (var tls : preferred) {
            for (var listener : listeners) {
                if (listener.protocol().equals(protocol) && listener.tls() == tls) {
                    return Optional.of(listener);
                }
            }
        }
        return Optional.empty();
    }

    private String command(String command) {
        return Shell.quote(launcher) + " " + command + " --home "
                + Shell.quote(home.root().toString());
    }

    private static String inWords(Tls tls) {
        return switch (tls) {
            case NONE -> "clear";
            case STARTTLS -> "STARTTLS";
            case IMPLICIT -> "TLS";
        };
    }

    /** The same as one line, for programs. */
    String json() {
        var members = new LinkedHashMap<String, Object>();
        members.put("version", version.relais());
        members.put("home", home.root().toString());
        members.put("listeners", listeners.stream().map(Banner::view).toList());
        members.put("firstUser", firstUser.address().toString());
        firstUser
                .made()
                .ifPresent(made -> members.put("firstPassword", made.password().value()));
        members.put("notice", VOLATILE);
        return JsonWriter.write(members);
    }

    private static Map<String, Object> view(ListenerView listener) {
        var members = new LinkedHashMap<String, Object>();
        members.put("protocol", listener.protocol());
        members.put("address", listener.address());
        members.put("port", listener.port());
        members.put("tls", listener.tls().word());
        return members;
    }
}
