package org.relais.administration.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.relais.administration.port.ListenerView;

/** Puts a mail into a server of this process that holds everything, so that its queue is not empty. */
final class HeldMail {
    private static final int MILLIS = 30_000;

    private HeldMail() {}

    /**
     * Sends it over SMTP; waits at most 30 s for each reply.
     *
     * @throws IOException also if the server refuses it
     */
    static void put(List<ListenerView> listeners, String address) throws IOException {
        var smtp = listeners.stream()
                .filter(listener -> listener.protocol().equals("smtp"))
                .findFirst()
                .orElseThrow(() -> new IOException("no SMTP listener"));
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(smtp.reachableAddress(), smtp.port()), MILLIS);
            socket.setSoTimeout(MILLIS);
            var replies =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            expect(replies, '2');
            for (var line : List.of("HELO localhost", "MAIL FROM:<" + address + ">", "RCPT TO:<" + address + ">")) {
                send(socket, line + "\r\n");
                expect(replies, '2');
            }
            send(socket, "DATA\r\n");
            expect(replies, '3');
            send(socket, "From: <" + address + ">\r\nSubject: recorded\r\n\r\nrecorded\r\n.\r\n");
            expect(replies, '2');
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads a reply to its last line (RFC 5321 §4.2.1). */
    private static void expect(BufferedReader replies, char first) throws IOException {
        String line;
        do {
            line = replies.readLine();
            if (line == null || line.isEmpty() || line.charAt(0) != first) {
                throw new IOException("the server answered " + line);
            }
        } while (line.length() > 3 && line.charAt(3) == '-');
    }
}
