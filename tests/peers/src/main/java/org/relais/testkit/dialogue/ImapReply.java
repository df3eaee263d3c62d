package org.relais.testkit.dialogue;

import java.util.List;

/**
 * What an IMAP server answered to one command.
 *
 * @param untagged what came before the tagged line
 * @param status the tagged line without its tag, e.g. {@code OK LOGIN completed}
 */
public record ImapReply(List<ImapResponse> untagged, String status) {
    public ImapReply {
        untagged = List.copyOf(untagged);
    }

    public boolean isOk() {
        return status.startsWith("OK");
    }

    /** The untagged lines. */
    public List<String> lines() {
        return untagged.stream().map(ImapResponse::text).toList();
    }

    @Override
    public String toString() {
        return String.join("\n", lines()) + "\n" + status;
    }
}
