package org.relais.access.sieve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.relais.access.dialogue.CommandTooLongException;
import org.relais.access.dialogue.Dialogue;
import org.relais.access.dialogue.LineFraming;
import org.relais.access.dialogue.Reply;
import org.relais.access.sieve.SieveArguments.SyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ManageSieve session (RFC 5804).
 *
 * <p>PLAIN is offered and taken under TLS only. A script is kept only if it parses. What a client may send before login
 * is bounded tightly; after three wrong passwords the connection ends.
 */
public final class SieveSession implements Dialogue {

    private static final Logger LOGGER = LoggerFactory.getLogger(SieveSession.class);
    private static final int LOGIN_OCTETS = 8 << 10;
    private static final int WRONG_PASSWORDS = 3;
    private static final int WRONG_COMMANDS = 20;
    private static final int NAME_CHARACTERS = 128;
    private static final int QUOTED_CHARACTERS = 1024;
    private static final Reply DONE = Reply.of("OK\r\n");

    private final String hostname;
    private final String client;
    private final boolean offersTls;
    private final int scriptOctets;
    private final Scripts scripts;
    private final LineFraming framing = LineFraming.ofLinesAndLiterals(LOGIN_OCTETS);
    private boolean underTls;
    private boolean awaitsPassword;
    private int wrongPasswords;
    private int wrongCommands;
    private @Nullable String user;

    /**
     * @param client the client's address, for the log
     * @param underTls whether the connection began with TLS
     * @param offersTls whether the client may ask for it
     * @param scriptOctets the largest script
     */
    public SieveSession(
            String hostname, String client, boolean underTls, boolean offersTls, int scriptOctets, Scripts scripts) {
        this.hostname = hostname;
        this.client = client;
        this.underTls = underTls;
        this.offersTls = offersTls;
        this.scriptOctets = scriptOctets;
        this.scripts = scripts;
    }

    @Override
    public Reply greeting() {
        return Reply.of(capabilities() + "OK \"" + hostname + " Relais ManageSieve ready\"\r\n");
    }

    /** RFC 5804 §2.2: the server tells its capabilities anew, unasked. */
    @Override
    public Reply tlsStarted() {
        underTls = true;
        return Reply.of(capabilities() + "OK \"TLS negotiation successful\"\r\n");
    }

    @Override
    public Optional<String> frame(ByteBuffer in) throws CommandTooLongException {
        return framing.next(in);
    }

    @Override
    public Reply command(String command) {
        try {
            var words = SieveArguments.parse(command);
            if (awaitsPassword) {
                awaitsPassword = false;
                return words.name().isEmpty() ? plain(words.exactly(1).get(0)) : no("Authentication broken off");
            }
            var name = user;
            return name == null ? beforeLogin(words) : afterLogin(name, words);
        } catch (SyntaxException e) {
            return no(e.getMessage());
        } catch (ScriptRefusedException e) {
            return Reply.of(e.response() + "\r\n");
        } catch (IOException e) {
            LOGGER.error("managesieve: a command failed", e);
            return Reply.of("NO (TRYLATER) \"Not possible now\"\r\n");
        }
    }

    private Reply beforeLogin(SieveArguments words) throws SyntaxException, IOException {
        return switch (words.name()) {
            case "AUTHENTICATE" -> authenticate(words);
            case "STARTTLS" -> startTls();
            case "CAPABILITY", "NOOP", "LOGOUT" -> anyTime(words);
            case "HAVESPACE", "PUTSCRIPT", "LISTSCRIPTS", "SETACTIVE", "GETSCRIPT", "DELETESCRIPT", "RENAMESCRIPT" ->
                no("Log in first");
            case "CHECKSCRIPT", "UNAUTHENTICATE" -> no("Log in first");
            default -> unknown();
        };
    }

    private Reply afterLogin(String owner, SieveArguments words)
            throws SyntaxException, ScriptRefusedException, IOException {
        return switch (words.name()) {
            case "LISTSCRIPTS" -> list(owner);
            case "GETSCRIPT" ->
                Reply.of(string(scripts.get(owner, name(words.exactly(1).get(0)))) + "\r\nOK\r\n");
            case "PUTSCRIPT" -> put(owner, words);
            case "CHECKSCRIPT" -> check(words.exactly(1).get(0));
            case "HAVESPACE" -> haveSpace(owner, words);
            case "SETACTIVE" -> activate(owner, words.exactly(1).get(0));
            case "DELETESCRIPT" -> delete(owner, words);
            case "RENAMESCRIPT" -> rename(owner, words);
            case "UNAUTHENTICATE" -> unauthenticate();
            case "AUTHENTICATE", "STARTTLS" -> no("You are logged in");
            case "CAPABILITY", "NOOP", "LOGOUT" -> anyTime(words);
            default -> unknown();
        };
    }

    private Reply anyTime(SieveArguments words) {
        return switch (words.name()) {
            case "CAPABILITY" -> Reply.of(capabilities() + "OK\r\n");
            case "LOGOUT" -> Reply.closing("OK \"Goodbye\"\r\n");
            default ->
                words.values().isEmpty()
                        ? DONE
                        : Reply.of("OK (TAG " + string(words.values().get(0)) + ") \"Done\"\r\n");
        };
    }

    private Reply unknown() {
        wrongCommands++;
        return wrongCommands > WRONG_COMMANDS
                ? Reply.closing("BYE \"Too many unknown commands\"\r\n")
                : no("Unknown command");
    }

    private String capabilities() {
        var text = new StringBuilder("\"IMPLEMENTATION\" \"Relais\"\r\n");
        text.append("\"VERSION\" \"1.0\"\r\n");
        text.append("\"SIEVE\" ")
                .append(string(String.join(" ", scripts.extensions())))
                .append("\r\n");
        text.append("\"SASL\" \"").append(underTls ? "PLAIN" : "").append("\"\r\n");
        text.append("\"UNAUTHENTICATE\"\r\n");
        if (offersTls && !underTls) {
            text.append("\"STARTTLS\"\r\n");
        }
        if (user != null) {
            text.append("\"OWNER\" ").append(string(user)).append("\r\n");
        }
        return text.toString();
    }

    private Reply startTls() {
        return underTls || !offersTls ? no("TLS is not to be had here") : Reply.startingTls("OK \"Begin TLS\"\r\n");
    }

    private Reply authenticate(SieveArguments words) throws SyntaxException, IOException {
        int count = words.values().size();
        if (count < 1 || count > 2) {
            throw new SyntaxException("AUTHENTICATE takes a mechanism and perhaps an initial response");
        }
        if (!underTls) {
            return Reply.of("NO (ENCRYPT-NEEDED) \"Login needs TLS\"\r\n");
        }
        if (!words.values().get(0).toUpperCase(Locale.ROOT).equals("PLAIN")) {
            return no("The mechanism is PLAIN");
        }
        if (count == 2) {
            return plain(words.values().get(1));
        }
        awaitsPassword = true;
        return Reply.of("\"\"\r\n");
    }

    /** RFC 4616; an authorization identity must be that of the user himself. */
    private Reply plain(String response) throws IOException {
        if (response.equals("*")) {
            return no("Authentication broken off");
        }
        String[] parts;
        try {
            parts = new String(Base64.getDecoder().decode(response), StandardCharsets.UTF_8).split("\0", -1);
        } catch (IllegalArgumentException e) {
            return no("The response is not in base64");
        }
        if (parts.length != 3 || !(parts[0].isEmpty() || parts[0].equals(parts[1]))) {
            return no("Not the form of PLAIN");
        }
        var name = scripts.authenticate(parts[1], parts[2]);
        if (name.isEmpty()) {
            wrongPasswords++;
            LOGGER.atInfo().addKeyValue("client", client).log("managesieve: login refused");
            return wrongPasswords < WRONG_PASSWORDS
                    ? no("Wrong user or password")
                    : Reply.closing("BYE \"Too many wrong passwords\"\r\n");
        }
        user = name.get();
        framing.bound(scriptOctets + LOGIN_OCTETS);
        LOGGER.atInfo().addKeyValue("client", client).addKeyValue("user", user).log("managesieve: login");
        return DONE;
    }

    private Reply unauthenticate() {
        user = null;
        framing.bound(LOGIN_OCTETS);
        return DONE;
    }

    private Reply list(String owner) throws IOException {
        var text = new StringBuilder();
        for (var script : scripts.list(owner)) {
            text.append(string(script.name())).append(script.active() ? " ACTIVE\r\n" : "\r\n");
        }
        return Reply.of(text.append("OK\r\n").toString());
    }

    private Reply put(String owner, SieveArguments words) throws SyntaxException, ScriptRefusedException, IOException {
        var arguments = words.exactly(2);
        var name = name(arguments.get(0));
        var content = arguments.get(1);
        int octets = content.getBytes(StandardCharsets.UTF_8).length;
        if (octets > scriptOctets) {
            return tooLarge();
        }
        var fault = scripts.fault(content);
        if (fault.isPresent()) {
            return no(fault.get());
        }
        scripts.checkSpace(owner, name, octets);
        scripts.put(owner, name, content);
        return DONE;
    }

    private Reply check(String content) {
        return scripts.fault(content).map(SieveSession::no).orElse(DONE);
    }

    private Reply haveSpace(String owner, SieveArguments words)
            throws SyntaxException, ScriptRefusedException, IOException {
        var arguments = words.exactly(2);
        var name = name(arguments.get(0));
        var digits = arguments.get(1);
        if (!digits.matches("[0-9]{1,10}")) {
            throw new SyntaxException("HAVESPACE takes a name and a number");
        }
        long octets = Long.parseLong(digits);
        if (octets > scriptOctets) {
            return tooLarge();
        }
        scripts.checkSpace(owner, name, octets);
        return DONE;
    }

    private Reply tooLarge() {
        return Reply.of("NO (QUOTA/MAXSIZE) \"Scripts may have " + scriptOctets + " octets\"\r\n");
    }

    private Reply activate(String owner, String name) throws SyntaxException, ScriptRefusedException, IOException {
        scripts.activate(owner, name.isEmpty() ? name : name(name));
        return DONE;
    }

    private Reply delete(String owner, SieveArguments words)
            throws SyntaxException, ScriptRefusedException, IOException {
        scripts.delete(owner, name(words.exactly(1).get(0)));
        return DONE;
    }

    private Reply rename(String owner, SieveArguments words)
            throws SyntaxException, ScriptRefusedException, IOException {
        var arguments = words.exactly(2);
        scripts.rename(owner, name(arguments.get(0)), name(arguments.get(1)));
        return DONE;
    }

    /** RFC 5804 §1.6, and nothing that means something to a file system. */
    private static String name(String name) throws SyntaxException {
        var isGood = !name.isEmpty()
                && name.length() <= NAME_CHARACTERS
                && name.charAt(0) != '.'
                && name.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029)
                && name.indexOf('/') < 0
                && name.indexOf('\\') < 0;
        if (!isGood) {
            throw new SyntaxException("Not a good name for a script");
        }
        return name;
    }

    private static Reply no(@Nullable String text) {
        return Reply.of("NO " + string(text == null ? "" : text) + "\r\n");
    }

    /** Quoted if that is possible, a literal if not. */
    private static String string(String text) {
        var quotable =
                text.length() <= QUOTED_CHARACTERS && text.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
        if (quotable) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        return "{" + text.getBytes(StandardCharsets.UTF_8).length + "}\r\n" + text;
    }

    @Override
    public String farewell(Farewell why) {
        return switch (why) {
            case DRAINED -> "BYE (TRYLATER) \"Server is going down\"\r\n";
            case IDLE -> "BYE \"Idle for too long\"\r\n";
            case TOO_LONG -> "BYE \"Command too long\"\r\n";
            case INJECTION -> "BYE \"Nothing may follow STARTTLS before TLS\"\r\n";
            case BROKEN -> "BYE (TRYLATER) \"Internal error\"\r\n";
        };
    }

    @Override
    public boolean mayEnd() {
        return true;
    }

    @Override
    public void closed() {
        // Nothing is held for the session.
    }
}
