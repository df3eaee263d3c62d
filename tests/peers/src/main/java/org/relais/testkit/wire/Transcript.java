package org.relais.testkit.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What was said on a connection, in order. Safe for use by many threads; bounded in lines and in the length of a line, so
 * that a flood under test does not become a flood in the heap.
 */
public final class Transcript {
    private static final int MAX_LINES = 20_000;
    private static final int MAX_LENGTH = 400;

    private final List<Entry> entries = new ArrayList<>();
    private long dropped;

    private record Entry(boolean client, String line) {}

    public void client(String line) {
        add(true, line);
    }

    public void server(String line) {
        add(false, line);
    }

    private synchronized void add(boolean client, String line) {
        if (entries.size() >= MAX_LINES) {
            dropped++;
            return;
        }
        String kept = line.length() <= MAX_LENGTH
                ? line
                : line.substring(0, MAX_LENGTH) + "… (" + line.length() + " characters)";
        entries.add(new Entry(client, kept));
    }

    /** The lines that the client sent, without prefix. */
    public synchronized List<String> clientLines() {
        return entries.stream().filter(Entry::client).map(Entry::line).toList();
    }

    /** The lines that the server sent, without prefix. */
    public synchronized List<String> serverLines() {
        return entries.stream().filter(e -> !e.client()).map(Entry::line).toList();
    }

    /** Everything in the manner of a course book: {@code C:} and {@code S:}. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder();
        entries.forEach(e -> text.append(e.client() ? "C: " : "S: ")
                .append(printable(e.line()))
                .append('\n'));
        if (dropped > 0) {
            text.append("(").append(dropped).append(" further lines not kept)\n");
        }
        return text.toString();
    }

    private static String printable(String line) {
        StringBuilder text = new StringBuilder(line.length());
        for (byte octet : line.getBytes(StandardCharsets.ISO_8859_1)) {
            int value = octet & 0xff;
            if (value < 0x20 || value > 0x7e) {
                text.append(String.format("\\x%02x", value));
            } else {
                text.append((char) value);
            }
        }
        return text.toString();
    }
}
