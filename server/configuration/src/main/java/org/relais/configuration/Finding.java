package org.relais.configuration;

import java.nio.file.Path;
import java.util.Comparator;

/**
 * One thing that a check of the configuration has to say: where, what is wrong, and what to write instead.
 *
 * <p>Prints as {@code conf/relais.xml:12: error: what is wrong — what to write instead}. Its order is by file, then
 * line, then severity, then text, so that a sorted list reads like the files.
 *
 * @param file as a person names it, relative to the home: {@code conf/relais.xml}
 * @param line counted from 1; 1 when the whole file is meant
 * @param message what is wrong, one line
 * @param remedy what to write or do instead, one line
 */
public record Finding(Severity severity, String file, int line, String message, String remedy)
        implements Comparable<Finding> {

    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::file)
            .thenComparingInt(Finding::line)
            .thenComparing(Finding::severity)
            .thenComparing(Finding::message)
            .thenComparing(Finding::remedy);

    public Finding {
        if (line < 1) {
            throw new IllegalArgumentException("a line is counted from 1, was " + line);
        }
        if (message.isBlank() || remedy.isBlank()) {
            throw new IllegalArgumentException("a finding says what is wrong and what to do: " + file + ":" + line);
        }
    }

    public static Finding error(String file, int line, String message, String remedy) {
        return new Finding(Severity.ERROR, file, line, message, remedy);
    }

    public static Finding notice(String file, int line, String message, String remedy) {
        return new Finding(Severity.NOTICE, file, line, message, remedy);
    }

    /** How findings name {@code file}: its folder and its name, as in {@code conf/relais.xml}. */
    public static String nameOf(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Path name = absolute.getFileName();
        Path parent = absolute.getParent();
        Path folder = parent == null ? null : parent.getFileName();
        return folder == null ? String.valueOf(name) : folder + "/" + name;
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public int compareTo(Finding other) {
        return ORDER.compare(this, other);
    }

    /** The line that is printed. */
    @Override
    public String toString() {
        return file + ":" + line + ": " + severity.word() + ": " + message + " — " + remedy;
    }
}
