package org.relais.testkit.dialogue;

import java.util.List;

/**
 * One response of an IMAP server.
 *
 * @param text the line with each literal left as its {@code {n}}
 * @param literals the literals in order
 */
public record ImapResponse(String text, List<byte[]> literals) {
    public ImapResponse {
        literals = List.copyOf(literals);
    }

    public boolean isUntagged() {
        return text.startsWith("* ");
    }

    @Override
    public String toString() {
        return text;
    }
}
