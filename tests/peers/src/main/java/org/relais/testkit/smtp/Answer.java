package org.relais.testkit.smtp;

import java.time.Duration;
import java.util.List;

/**
 * One answer of a scripted server: its lines, how late it comes, in what pieces it is sent, and what happens then.
 *
 * @param lines the reply without line ends; empty: nothing is said
 * @param latency how long the server waits before it answers
 * @param piece octets for each packet; 0: everything in one
 * @param then what happens after the reply
 */
public record Answer(List<String> lines, Duration latency, int piece, Then then) {

    /** What the server does after the reply. */
    public enum Then {
        GO_ON,
        CLOSE,
        /** Closes with a TCP reset. */
        RESET
    }

    public Answer {
        lines = List.copyOf(lines);
        if (piece < 0) {
            throw new IllegalArgumentException("piece must not be negative, was " + piece);
        }
    }

    /** A reply of one or more lines; several lines carry their own {@code 250-}. */
    public static Answer reply(String... lines) {
        return new Answer(List.of(lines), Duration.ZERO, 0, Then.GO_ON);
    }

    /** Nothing is said, the connection stays. */
    public static Answer silence() {
        return new Answer(List.of(), Duration.ZERO, 0, Then.GO_ON);
    }

    /** Nothing is said, the connection ends. */
    public static Answer close() {
        return silence().thenCloses();
    }

    /** Nothing is said, the connection is reset. */
    public static Answer reset() {
        return silence().thenResets();
    }

    public Answer after(Duration wait) {
        return new Answer(lines, wait, piece, then);
    }

    public Answer inPiecesOf(int octets) {
        return new Answer(lines, latency, octets, then);
    }

    public Answer byteWise() {
        return inPiecesOf(1);
    }

    public Answer thenCloses() {
        return new Answer(lines, latency, piece, Then.CLOSE);
    }

    public Answer thenResets() {
        return new Answer(lines, latency, piece, Then.RESET);
    }

    /** Whether the command is taken: the last line begins with 2 or 3. */
    boolean isPositive() {
        return !lines.isEmpty()
                && (lines.get(lines.size() - 1).startsWith("2")
                        || lines.get(lines.size() - 1).startsWith("3"));
    }

    /** Whether the connection ends here: as scripted, or because 421 says so (RFC 5321 §3.8). */
    boolean endsConnection() {
        return then != Then.GO_ON
                || (!lines.isEmpty() && lines.get(lines.size() - 1).startsWith("421"));
    }
}
