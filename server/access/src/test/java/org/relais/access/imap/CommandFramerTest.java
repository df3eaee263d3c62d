package org.relais.access.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandFramerTest {

    private static final ImapLimits LIMITS = new ImapLimits(200, 1000, 100, 50, 20, 3, 64, Duration.ofMinutes(1));

    private final CommandFramer framer = new CommandFramer(LIMITS);

    @AfterEach
    void closeFramer() throws IOException {
        framer.close();
    }

    @Test
    void cutsPipelinedCommandsAtTheirLineEnds() throws IOException {
        assertThat(all("a NOOP\r\nb CAPABILITY\nc LOG", true)).containsExactly("a NOOP\r\n", "b CAPABILITY\n");
    }

    @Test
    void keepsTheTextOfALiteralWithinItsCommand() throws IOException {
        var mail = "b DELETE INBOX\r\nc LOGOUT\r\n";

        var framed = all("a APPEND INBOX {" + mail.length() + "+}\r\n" + mail + "\r\nd NOOP\r\n", true);

        assertThat(framed).containsExactly("a APPEND INBOX {" + mail.length() + "+}\r\n" + mail + "\r\n", "d NOOP\r\n");
    }

    @Test
    void framesTheSameHoweverTheOctetsAreCut() throws IOException {
        var dialogue = "a LOGIN {3+}\r\nbob {2+}\r\npw\r\nb APPEND x {5+}\r\n\r\n}x{\r\nc APPEND y {2000+}\r\n"
                + "z".repeat(2000) + "\r\nd NOOP {0+}\r\n\r\ne NOOP \"{5}\"\r\n";
        long seed = System.nanoTime();
        var random = new Random(seed);
        var whole = all(dialogue, true);

        for (int round = 0; round < 200; round++) {
            var pieces = new ArrayList<String>();
            int at = 0;
            while (at < dialogue.length()) {
                int end = Math.min(dialogue.length(), at + 1 + random.nextInt(40));
                pieces.addAll(all(dialogue.substring(at, end), true));
                at = end;
            }
            assertThat(pieces).as("seed %d", seed).isEqualTo(whole);
        }

        assertThat(whole).hasSize(5);
        assertThat(whole.get(2)).isEqualTo("c NO [TOOBIG] Literal larger than 1000 octets");
    }

    @Test
    void asksForASynchronisingLiteralWithinTheBound() throws IOException {
        assertThat(all("a APPEND INBOX {10}\r\n", true)).containsExactly("+");
        assertThat(all("0123456789\r\n", true)).containsExactly("a APPEND INBOX {10}\r\n0123456789\r\n");
    }

    @Test
    void refusesASynchronisingLiteralOverTheBoundAndGoesOn() throws IOException {
        assertThat(all("a APPEND INBOX {1001}\r\nb NOOP\r\n", true))
                .containsExactly("a NO [TOOBIG] Literal larger than 1000 octets", "b NOOP\r\n");
    }

    @Test
    void boundsTheLiteralsOfCommandsThatCarryNoMailMoreTightly() throws IOException {
        assertThat(all("a SEARCH TEXT {101}\r\nb UID REPLACE 4 INBOX {1000}\r\n", true))
                .containsExactly("a NO [TOOBIG] Literal larger than 100 octets", "+");
    }

    @Test
    void closesOnALiteralThatIsTooLargeToDiscard() throws IOException {
        assertThat(all("a APPEND INBOX {99999999999999999999+}\r\n", true))
                .containsExactly("* BYE [TOOBIG] Literal larger than 1000 octets (closes)");
    }

    @Test
    void boundsLiteralsBeforeLogin() throws IOException {
        assertThat(all("a LOGIN {60000000}\r\n", false)).containsExactly("a NO [TOOBIG] Literal larger than 20 octets");
        assertThat(all("a LOGIN {60000000+}\r\n", false))
                .containsExactly("* BYE [TOOBIG] Literal larger than 20 octets (closes)");
    }

    @Test
    void boundsTheNumberOfLiteralsBeforeLogin() throws IOException {
        assertThat(all("a LOGIN {1+}\r\nx {1+}\r\nx {1+}\r\nx {1+}\r\nx\r\n", false))
                .startsWith("* BYE More than 3 literals before login (closes)");
    }

    @Test
    void boundsTheLineOverAllPartsOfACommand() throws IOException {
        assertThat(all("a".repeat(201), true)).containsExactly("* BYE Command line longer than 200 octets (closes)");
        assertThat(all("a SEARCH " + "TEXT {1+}\r\nx ".repeat(30), true).get(0)).contains("longer than 200 octets");
    }

    @Test
    void spillsALongCommandAndLeavesNoFile() throws IOException {
        var before = spillFiles();

        var framed = framer.nextCommand(octets("a APPEND INBOX {900+}\r\n" + "x".repeat(900) + "\r\n"), true);

        assertThat(framed).isInstanceOf(Framed.Command.class);
        try (var command = ((Framed.Command) framed).octets()) {
            assertThat(command.isSpilled()).isTrue();
            assertThat(spillFiles()).hasSize(before.size() + 1);
            assertThat(new String(command.from(23).readNBytes(5), ISO_8859_1)).isEqualTo("xxxxx");
        }
        assertThat(spillFiles()).isEqualTo(before);
    }

    @Test
    void leavesNoFileOfACommandThatNeverEnds() throws IOException {
        var before = spillFiles();

        framer.nextCommand(octets("a APPEND INBOX {900+}\r\n" + "x".repeat(500)), true);
        framer.close();

        assertThat(spillFiles()).isEqualTo(before);
    }

    @Test
    void givesLinesAsTheyAreWithinADialogue() throws IOException {
        var in = octets("AGJvYgBwdw==\r\na NOOP {5}\r\n");

        assertThat(framer.nextLine(in)).isEqualTo(new Framed.Line("AGJvYgBwdw==\r\n"));
        assertThat(all("x NOOP\r\n", true)).containsExactly("x NOOP\r\n");
    }

    private List<String> all(String text, boolean authenticated) throws IOException {
        var in = octets(text);
        var steps = new ArrayList<String>();
        while (true) {
            var step = framer.nextCommand(in, authenticated);
            if (step instanceof Framed.Incomplete) {
                return steps;
            } else if (step instanceof Framed.LiteralAwaited) {
                steps.add("+");
            } else if (step instanceof Framed.Command command) {
                try (var octets = command.octets();
                        var stream = octets.from(0)) {
                    steps.add(new String(stream.readAllBytes(), ISO_8859_1));
                }
            } else if (step instanceof Framed.Refused refused) {
                steps.add(refused.response() + (refused.closes() ? " (closes)" : ""));
            }
        }
    }

    private static ByteBuffer octets(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private static List<Path> spillFiles() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("relais-imap"))
                    .sorted()
                    .toList();
        }
    }
}
