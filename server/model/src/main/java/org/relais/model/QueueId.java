package org.relais.model;

import java.util.regex.Pattern;

/**
 * Names one accepted mail in replies, trace fields, logs and on the command line.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ -}, so that it can stand unquoted in a header, a URL and
 *     a shell
 */
public record QueueId(String value) {
    private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    public QueueId {
        if (!SYNTAX.matcher(value).matches()) {
            throw new IllegalArgumentException("queue id must be 1 to 128 of A-Z a-z 0-9 . _ -, was: " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
