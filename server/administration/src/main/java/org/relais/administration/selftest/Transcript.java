package org.relais.administration.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.relais.administration.port.Printable;

/**
 * The dialogue, line by line as a course book prints it: C: for the client, S: for the server, # for what is between.
 * Holds at most 2,000 lines; secrets never reach it. For one thread.
 */
public final class Transcript {
    private static final int MAX_LINES = 2_000;

    private final List<String> lines = new ArrayList<>();
    private final Consumer<String> printer;

    /**
     * Starts an empty one.
     *
     * @param printer gets each line at once
     */
    public Transcript(Consumer<String> printer) {
        this.printer = printer;
    }

    void client(String line) {
        add("C: " + Printable.of(line));
    }

    void server(String line) {
        add("S: " + Printable.of(line));
    }

    void note(String line) {
        add("# " + line);
    }

    private void add(String line) {
        if (lines.size() < MAX_LINES) {
            lines.add(line);
            printer.accept(line);
        }
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }
}
