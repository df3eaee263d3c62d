package org.relais.access.dialogue;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a server answers to one command.
 *
 * @param text lines, each with its CRLF
 * @param content what is sent behind the text, as it is; whoever sends the reply closes it
 * @param next what happens when all of it is sent
 */
public record Reply(String text, @Nullable InputStream content, Next next) {

    /** What follows a reply. */
    public enum Next {
        COMMAND,
        TLS,
        CLOSE
    }

    public static Reply of(String text) {
        return new Reply(text, null, Next.COMMAND);
    }

    public static Reply with(String text, InputStream content) {
        return new Reply(text, content, Next.COMMAND);
    }

    public static Reply closing(String text) {
        return new Reply(text, null, Next.CLOSE);
    }

    public static Reply startingTls(String text) {
        return new Reply(text, null, Next.TLS);
    }
}
