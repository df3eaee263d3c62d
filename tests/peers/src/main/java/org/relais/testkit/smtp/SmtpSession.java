package org.relais.testkit.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.relais.testkit.wire.Deadline;
import org.relais.testkit.wire.DotContent;
import org.relais.testkit.wire.TestCertificate;
import org.relais.testkit.wire.Wire;

/** One connection of a {@link ScriptedSmtpServer}; runs in that connection's thread alone. */
final class SmtpSession {
    private static final Duration IDLE = Duration.ofMinutes(2);
    private static final int MAX_LINE = 64 * 1024;

    private final SmtpScript script;
    private final Wire wire;
    private final int number;
    private final ScriptedSmtpServer server;

    private String helo = "";
    private @Nullable String user;
    private @Nullable String reversePath;
    private List<String> mailParameters = List.of();
    private final List<String> forwardPaths = new ArrayList<>();
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

    SmtpSession(SmtpScript script, Wire wire, int number, ScriptedSmtpServer server) {
        this.script = script;
        this.wire = wire;
        this.number = number;
        this.server = server;
    }

    void serve() throws IOException {
        TestCertificate certificate = script.certificate();
        if (certificate != null && script.isImplicitTls()) {
            wire.startTlsAsServer(certificate.serverContext(), Deadline.in(IDLE));
        }
        if (!say(script.answer(Stage.CONNECT, Answer.reply("220 scripted.test ESMTP")))) {
            return;
        }
        while (true) {
            Optional<String> line = wire.readLine(MAX_LINE, Deadline.in(IDLE));
            if (line.isEmpty()) {
                return;
            }
            server.record().client(line.get());
            if (!command(line.get())) {
                return;
            }
        }
    }

    /** Returns whether the session goes on. */
    private boolean command(String line) throws IOException {
        String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        String rest = line.length() > verb.length() ? line.substring(verb.length() + 1) : "";
        return switch (verb) {
            case "HELO" -> hello(Stage.HELO, rest, List.of("250 scripted.test"));
            case "EHLO", "LHLO" ->
                verb.equals("LHLO") == script.isLmtp()
                        ? hello(Stage.EHLO, rest, capabilities())
                        : say(Answer.reply("500 5.5.1 wrong protocol"));
            case "STARTTLS" -> startTls();
            case "AUTH" -> authenticate(rest);
            case "MAIL" -> mail(rest);
            case "RCPT" -> recipient(rest);
            case "DATA" -> data();
            case "BDAT" -> chunk(rest);
            case "RSET" -> reset();
            case "NOOP" -> say(script.answer(Stage.NOOP, Answer.reply("250 2.0.0 Ok")));
            case "QUIT" -> {
                say(script.answer(Stage.QUIT, Answer.reply("221 2.0.0 Bye")));
                yield false;
            }
            default -> say(script.answer(Stage.OTHER, Answer.reply("500 5.5.1 unknown command")));
        };
    }

    private boolean hello(Stage stage, String name, List<String> standard) throws IOException {
        helo = name;
        endTransaction();
        return say(script.answer(stage, Answer.reply(standard.toArray(String[]::new))));
    }

    private List<String> capabilities() {
        List<String> names = new ArrayList<>(List.of("scripted.test"));
        names.addAll(script.extensions());
        if (script.certificate() != null && wire.tlsSession().isEmpty()) {
            names.add("STARTTLS");
        }
        if (script.hasUsers()) {
            names.add("AUTH PLAIN LOGIN");
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            lines.add((i < names.size() - 1 ? "250-" : "250 ") + names.get(i));
        }
        return lines;
    }

    private boolean startTls() throws IOException {
        TestCertificate certificate = script.certificate();
        Answer answer = script.answer(
                Stage.STARTTLS, Answer.reply(certificate == null ? "502 5.5.1 no TLS here" : "220 2.0.0 Go ahead"));
        if (!say(answer)) {
            return false;
        }
        if (answer.isPositive() && certificate != null) {
            wire.startTlsAsServer(certificate.serverContext(), Deadline.in(IDLE));
            helo = "";
            endTransaction();
        }
        return true;
    }

    private boolean authenticate(String argument) throws IOException {
        if (script.scripts(Stage.AUTH)) {
            return say(script.answer(Stage.AUTH, Answer.silence()));
        }
        Credentials credentials = new Credentials(wire, server.record(), IDLE);
        Optional<String> who = credentials
                .read(argument)
                .filter(c -> script.isUser(c.user(), c.password()))
                .map(Credentials.Pair::user);
        user = who.orElse(null);
        return say(Answer.reply(who.isPresent() ? "235 2.7.0 Welcome" : "535 5.7.8 No"));
    }

    private boolean mail(String argument) throws IOException {
        if (reversePath != null) {
            return say(Answer.reply("503 5.5.1 nested MAIL"));
        }
        Answer answer = script.answer(Stage.MAIL, Answer.reply("250 2.1.0 Ok"));
        if (answer.isPositive()) {
            reversePath = path(argument);
            int parameters = argument.indexOf("> ");
            mailParameters = parameters < 0
                    ? List.of()
                    : List.of(argument.substring(parameters + 2).trim().split(" +"));
        }
        return say(answer);
    }

    private boolean recipient(String argument) throws IOException {
        if (reversePath == null) {
            return say(Answer.reply("503 5.5.1 MAIL first"));
        }
        String forwardPath = path(argument);
        Answer answer = script.recipient(forwardPath, Answer.reply("250 2.1.5 Ok"));
        if (answer.isPositive()) {
            forwardPaths.add(forwardPath);
        }
        return say(answer);
    }

    private boolean data() throws IOException {
        if (reversePath == null || (forwardPaths.isEmpty() && !script.scripts(Stage.DATA))) {
            return say(Answer.reply("503 5.5.1 no valid recipients"));
        }
        Answer answer = script.answer(Stage.DATA, Answer.reply("354 Go ahead"));
        if (!say(answer)) {
            return false;
        }
        if (!answer.isPositive()) {
            return true;
        }
        DotContent content = new DotContent(wire, script.keptOctets());
        if (!content.read(script.vanishAfter(), Deadline.in(IDLE))) {
            wire.reset();
            return false;
        }
        return endOfContent(content.size(), content.kept());
    }

    /** RFC 3030 §2: the octets are read whatever is answered. */
    private boolean chunk(String argument) throws IOException {
        String[] words = argument.trim().split(" +", -1);
        byte[] octets = wire.readOctets(Integer.parseInt(words[0]), Deadline.in(IDLE));
        if (reversePath == null || forwardPaths.isEmpty()) {
            return say(Answer.reply("503 5.5.1 no valid recipients"));
        }
        chunks.write(octets, 0, octets.length);
        if (words.length < 2) {
            return say(Answer.reply("250 2.0.0 chunk taken"));
        }
        byte[] whole = chunks.toByteArray();
        return endOfContent(whole.length, Arrays.copyOf(whole, Math.min(whole.length, script.keptOctets())));
    }

    private boolean endOfContent(long size, byte[] content) throws IOException {
        List<String> accepted = new ArrayList<>();
        boolean goesOn = true;
        for (String forwardPath : script.isLmtp() ? List.copyOf(forwardPaths) : List.of("")) {
            Answer answer = script.answer(Stage.CONTENT, Answer.reply("250 2.0.0 Ok"));
            if (answer.isPositive()) {
                accepted.addAll(script.isLmtp() ? List.of(forwardPath) : forwardPaths);
            }
            if (!accepted.isEmpty() && (!script.isLmtp() || forwardPath.equals(last(forwardPaths)))) {
                server.received(mail(accepted, size, content));
            }
            goesOn = say(answer);
            if (!goesOn) {
                break;
            }
        }
        endTransaction();
        return goesOn;
    }

    private static String last(List<String> list) {
        return list.get(list.size() - 1);
    }

    private ReceivedMail mail(List<String> accepted, long size, byte[] content) {
        return new ReceivedMail(
                number,
                helo,
                wire.tlsSession().map(SSLSession::getProtocol),
                Optional.ofNullable(user),
                reversePath == null ? "" : reversePath,
                mailParameters,
                accepted,
                size,
                content);
    }

    private boolean reset() throws IOException {
        endTransaction();
        return say(script.answer(Stage.RSET, Answer.reply("250 2.0.0 Ok")));
    }

    private void endTransaction() {
        reversePath = null;
        mailParameters = List.of();
        forwardPaths.clear();
        chunks.reset();
    }

    private static String path(String argument) {
        int open = argument.indexOf('<');
        int close = argument.indexOf('>', open + 1);
        return open < 0 || close < 0
                ? argument.substring(argument.indexOf(':') + 1).trim()
                : argument.substring(open + 1, close);
    }

    private boolean say(Answer answer) throws IOException {
        if (!answer.latency().isZero()) {
            server.pause(answer.latency());
        }
        if (!answer.lines().isEmpty()) {
            answer.lines().forEach(server.record()::server);
            byte[] octets = (String.join("\r\n", answer.lines()) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            int piece = answer.piece() == 0 ? octets.length : answer.piece();
            for (int from = 0; from < octets.length; from += piece) {
                wire.write(octets, from, Math.min(piece, octets.length - from));
            }
        }
        if (answer.then() == Answer.Then.RESET) {
            wire.reset();
        }
        return !answer.endsConnection();
    }
}
