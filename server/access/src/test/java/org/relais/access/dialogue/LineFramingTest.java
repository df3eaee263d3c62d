package org.relais.access.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineFramingTest {

    @Test
    void cutsLines() throws CommandTooLongException {
        assertThat(all(LineFraming.ofLines(100), "USER bob\r\nPASS {3+}\nx")).containsExactly("USER bob", "PASS {3+}");
    }

    @Test
    void keepsLiteralsWithinTheirCommandHoweverTheOctetsAreCut() throws CommandTooLongException {
        var text = "PUTSCRIPT \"a\" {7+}\r\nkeep;\r\n\r\nNOOP {0+}\r\n\r\nLOGOUT\r\n";

        for (int cut = 0; cut <= text.length(); cut++) {
            var framing = LineFraming.ofLinesAndLiterals(100);
            var commands = all(framing, text.substring(0, cut));
            commands.addAll(all(framing, text.substring(cut)));
            assertThat(commands).containsExactly("PUTSCRIPT \"a\" {7+}\r\nkeep;\r\n", "NOOP {0+}\r\n", "LOGOUT");
        }
    }

    @Test
    void keepsNoMoreThanItsBound() {
        assertThatThrownBy(() -> all(LineFraming.ofLines(10), "12345678901"))
                .isInstanceOf(CommandTooLongException.class);
        assertThatThrownBy(() -> all(LineFraming.ofLinesAndLiterals(100), "X {99999999999999999999+}\r\n"))
                .isInstanceOf(CommandTooLongException.class);
    }

    private static List<String> all(LineFraming framing, String text) throws CommandTooLongException {
        var in = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
        var commands = new ArrayList<String>();
        framing.next(in).ifPresent(commands::add);
        while (in.hasRemaining()) {
            framing.next(in).ifPresent(commands::add);
        }
        return commands;
    }
}
