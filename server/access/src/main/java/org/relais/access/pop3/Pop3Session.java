package org.relais.access.pop3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.relais.access.dialogue.CommandTooLongException;
import org.relais.access.dialogue.Dialogue;
import org.relais.access.dialogue.LineFraming;
import org.relais.access.dialogue.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One POP3 session (RFC 1939).
 *
 * <p>Passwords are taken under TLS only. The maildrop is locked from the login to the end of the connection, however it
 * ends. Mails are removed by QUIT only (§6). A wrong password and an unknown user get the same reply; after three the
 * connection ends.
 */
public final class Pop3Session implements Dialogue {

    private static final Logger LOGGER = LoggerFactory.getLogger(Pop3Session.class);
    private static final int LINE_OCTETS = 1024;
    private static final int WRONG_PASSWORDS = 3;
    private static final int WRONG_COMMANDS = 20;
    private static final Reply NOT_LOGGED_IN = Reply.of("-ERR Log in first\r\n");
    private static final Reply NO_SUCH_MAIL = Reply.of("-ERR No such message\r\n");

    private final String hostname;
    private final String client;
    private final boolean offersTls;
    private final Maildrops maildrops;
    private final MaildropLocks locks;
    private final LineFraming framing = LineFraming.ofLines(LINE_OCTETS);
    private final TreeSet<Integer> deleted = new TreeSet<>();
    private boolean underTls;
    private int wrongPasswords;
    private int wrongCommands;
    private @Nullable String user;
    private MaildropLocks.@Nullable Lock lock;
    private volatile @Nullable Maildrop maildrop;
    private volatile boolean marked;

    /**
     * @param client the client's address, for the log
     * @param underTls whether the connection began with TLS
     * @param offersTls whether the client may ask for it
     */
    public Pop3Session(
            String hostname,
            String client,
            boolean underTls,
            boolean offersTls,
            Maildrops maildrops,
            MaildropLocks locks) {
        this.hostname = hostname;
        this.client = client;
        this.underTls = underTls;
        this.offersTls = offersTls;
        this.maildrops = maildrops;
        this.locks = locks;
    }

    @Override
    public Reply greeting() {
        return Reply.of("+OK " + hostname + " Relais POP3 ready\r\n");
    }

    @Override
    public Optional<String> frame(ByteBuffer in) throws CommandTooLongException {
        return framing.next(in);
    }

    @Override
    public Reply command(String command) {
        int space = command.indexOf(' ');
        var name = (space < 0 ? command : command.substring(0, space)).toUpperCase(Locale.ROOT);
        var argument = space < 0 ? "" : command.substring(space + 1);
        try {
            var open = maildrop;
            return open == null ? authorization(name, argument) : transaction(open, name, argument);
        } catch (IOException e) {
            LOGGER.error("pop3: {} failed", name, e);
            return Reply.of("-ERR [SYS/TEMP] Not possible now\r\n");
        }
    }

    private Reply authorization(String name, String argument) throws IOException {
        return switch (name) {
            case "CAPA" -> capabilities();
            case "STLS" -> startTls();
            case "USER" -> user(argument);
            case "PASS" -> password(argument);
            case "QUIT" -> Reply.closing("+OK Goodbye\r\n");
            case "STAT", "LIST", "RETR", "DELE", "NOOP", "RSET", "TOP", "UIDL" -> NOT_LOGGED_IN;
            default -> unknown();
        };
    }

    private Reply transaction(Maildrop open, String name, String argument) throws IOException {
        return switch (name) {
            case "STAT" -> Reply.of("+OK " + stat(open) + "\r\n");
            case "LIST" ->
                listing(
                        open,
                        argument,
                        index -> Long.toString(open.mails().get(index).octets()));
            case "UIDL" ->
                listing(open, argument, index -> open.mails().get(index).uniqueId());
            case "RETR" -> retrieve(open, argument);
            case "TOP" -> top(open, argument);
            case "DELE" -> delete(open, argument);
            case "RSET" -> reset(open);
            case "NOOP" -> Reply.of("+OK\r\n");
            case "CAPA" -> capabilities();
            case "QUIT" -> update(open);
            case "USER", "PASS", "STLS" -> Reply.of("-ERR You are logged in\r\n");
            default -> unknown();
        };
    }

    private Reply unknown() {
        wrongCommands++;
        return wrongCommands > WRONG_COMMANDS
                ? Reply.closing("-ERR Too many unknown commands\r\n")
                : Reply.of("-ERR Unknown command\r\n");
    }

    /** RFC 2449 §6: the same before and after login, but for what TLS changes. */
    private Reply capabilities() {
        var text = new StringBuilder("+OK Capability list follows\r\n");
        text.append("TOP\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nEXPIRE NEVER\r\n");
        if (underTls) {
            text.append("USER\r\n");
        } else if (offersTls) {
            text.append("STLS\r\n");
        }
        return Reply.of(text.append(".\r\n").toString());
    }

    private Reply startTls() {
        if (underTls || !offersTls) {
            return Reply.of("-ERR TLS is not to be had here\r\n");
        }
        return Reply.startingTls("+OK Begin TLS\r\n");
    }

    /** Nothing is said under TLS before the client's next command (RFC 2595 §4); what it said before is forgotten. */
    @Override
    public Reply tlsStarted() {
        underTls = true;
        user = null;
        return Reply.of("");
    }

    private Reply user(String name) {
        if (!underTls) {
            return Reply.of("-ERR [AUTH] Login needs TLS\r\n");
        }
        if (name.isBlank()) {
            return Reply.of("-ERR USER needs a name\r\n");
        }
        user = utf8(name).strip();
        return Reply.of("+OK Password?\r\n");
    }

    private Reply password(String password) throws IOException {
        var name = user;
        user = null;
        if (!underTls) {
            return Reply.of("-ERR [AUTH] Login needs TLS\r\n");
        }
        if (name == null) {
            return Reply.of("-ERR USER first\r\n");
        }
        var account = maildrops.authenticate(name, utf8(password));
        return account.isPresent() ? open(account.get()) : wrongPassword();
    }

    private Reply wrongPassword() {
        wrongPasswords++;
        LOGGER.atInfo().addKeyValue("client", client).log("pop3: login refused");
        var text = "-ERR [AUTH] Wrong user or password\r\n";
        return wrongPasswords >= WRONG_PASSWORDS ? Reply.closing(text) : Reply.of(text);
    }

    private Reply open(Maildrops.Account account) throws IOException {
        var acquired = locks.acquire(account.maildrop());
        if (acquired.isEmpty()) {
            return Reply.of("-ERR [IN-USE] Another session has the maildrop open\r\n");
        }
        try {
            var opened = account.open();
            lock = acquired.get();
            maildrop = opened;
            LOGGER.atInfo()
                    .addKeyValue("client", client)
                    .addKeyValue("user", account.maildrop())
                    .log("pop3: login");
            return Reply.of("+OK " + stat(opened) + "\r\n");
        } finally {
            if (maildrop == null) {
                acquired.get().close();
            }
        }
    }

    private String stat(Maildrop open) {
        int count = 0;
        long octets = 0;
        for (int index = 0; index < open.mails().size(); index++) {
            if (!deleted.contains(index)) {
                count++;
                octets += open.mails().get(index).octets();
            }
        }
        return count + " " + octets;
    }

    /** What LIST or UIDL tells of one mail. */
    private interface Detail {
        String of(int index);
    }

    private Reply listing(Maildrop open, String argument, Detail detail) {
        if (!argument.isBlank()) {
            int index = index(open, argument.strip());
            return index < 0 ? NO_SUCH_MAIL : Reply.of("+OK " + (index + 1) + " " + detail.of(index) + "\r\n");
        }
        var text = new StringBuilder("+OK Listing follows\r\n");
        for (int index = 0; index < open.mails().size(); index++) {
            if (!deleted.contains(index)) {
                text.append(index + 1).append(' ').append(detail.of(index)).append("\r\n");
            }
        }
        return Reply.of(text.append(".\r\n").toString());
    }

    private Reply retrieve(Maildrop open, String argument) throws IOException {
        int index = index(open, argument.strip());
        if (index < 0) {
            return NO_SUCH_MAIL;
        }
        return content(open, index, Long.MAX_VALUE);
    }

    private Reply top(Maildrop open, String argument) throws IOException {
        var words = argument.strip().split(" +", -1);
        long lines = words.length == 2 ? number(words[1]) : -1;
        if (lines < 0) {
            return Reply.of("-ERR TOP needs a message and a number of lines\r\n");
        }
        int index = index(open, words[0]);
        if (index < 0) {
            return NO_SUCH_MAIL;
        }
        return content(open, index, lines);
    }

    private static Reply content(Maildrop open, int index, long lines) throws IOException {
        return open.content(index)
                .map(octets -> Reply.with("+OK Message follows\r\n", new StuffedContent(octets, lines)))
                .orElse(Reply.of("-ERR The message has been removed\r\n"));
    }

    private Reply delete(Maildrop open, String argument) {
        int index = index(open, argument.strip());
        if (index < 0) {
            return NO_SUCH_MAIL;
        }
        deleted.add(index);
        marked = true;
        return Reply.of("+OK Marked\r\n");
    }

    private Reply reset(Maildrop open) {
        deleted.clear();
        marked = false;
        return Reply.of("+OK " + stat(open) + "\r\n");
    }

    /** The UPDATE state of RFC 1939 §6. */
    private Reply update(Maildrop open) {
        var text = "+OK Goodbye\r\n";
        try {
            if (!deleted.isEmpty()) {
                open.delete(deleted);
            }
        } catch (IOException e) {
            LOGGER.error("pop3: some deleted messages were not removed", e);
            text = "-ERR [SYS/TEMP] Some deleted messages not removed\r\n";
        }
        closed();
        return Reply.closing(text);
    }

    /** The index of a mail that is there and not marked; -1 if there is none. */
    private int index(Maildrop open, String text) {
        long number = number(text);
        if (number < 1 || number > open.mails().size()) {
            return -1;
        }
        int index = (int) number - 1;
        return deleted.contains(index) ? -1 : index;
    }

    private static long number(String digits) {
        if (digits.isEmpty()
                || digits.length() > 9
                || !digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return -1;
        }
        return Long.parseLong(digits);
    }

    private static String utf8(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    public String farewell(Farewell why) {
        return switch (why) {
            case DRAINED -> "-ERR [SYS/TEMP] Server is going down\r\n";
            case IDLE -> "";
            case TOO_LONG -> "-ERR Line too long\r\n";
            case INJECTION -> "-ERR Nothing may follow STLS before TLS\r\n";
            case BROKEN -> "-ERR [SYS/TEMP] Internal error\r\n";
        };
    }

    /** Marks would be lost with the session. */
    @Override
    public boolean mayEnd() {
        return !marked;
    }

    @Override
    public void closed() {
        var held = lock;
        lock = null;
        if (held != null) {
            held.close();
        }
    }
}
