package org.relais.mailets.delivery;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A next hop on 127.0.0.1 that answers each command with what the test wrote down for its beginning, or accepts it. */
public final class ScriptedHop implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final ServerSocket listener;
    private final Map<String, String> replies = new ConcurrentHashMap<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    public final List<String> commands = new CopyOnWriteArrayList<>();
    public final List<byte[]> contents = new CopyOnWriteArrayList<>();

    public ScriptedHop() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        reply("CONNECT", "220 scripted.test");
        reply("EHLO", "250-scripted.test\r\n250-8BITMIME\r\n250-SIZE\r\n250-DSN\r\n250 ENHANCEDSTATUSCODES");
        reply("DATA", "354 go on");
        reply("CONTENT", "250 2.0.0 taken as 4711");
        reply("QUIT", "221 2.0.0 bye");
        Thread accepting = new Thread(this::accept, "scripted-hop");
        accepting.setDaemon(true);
        accepting.start();
    }

    /** {@code reply} {@code close} ends the connection without one. */
    public ScriptedHop reply(String commandBegins, String reply) {
        replies.put(commandBegins, reply);
        return this;
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                socket.setSoTimeout(PATIENCE_MILLIS);
                Thread serving = new Thread(() -> serve(socket), "scripted-hop-connection");
                serving.setDaemon(true);
                serving.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            boolean isOpen = say(out, "CONNECT");
            while (isOpen) {
                String command = line(in);
                if (command.isEmpty()) {
                    return;
                }
                commands.add(command);
                isOpen = say(out, command) && !command.startsWith("QUIT");
                if (command.equals("DATA") && answer(command).startsWith("354")) {
                    contents.add(content(in));
                    isOpen = say(out, "CONTENT");
                }
            }
        } catch (IOException e) {
            commands.add("(connection broke: " + e.getMessage() + ")");
        }
    }

    private boolean say(OutputStream out, String command) throws IOException {
        String answer = answer(command);
        if (answer.equals("close")) {
            return false;
        }
        out.write((answer + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return true;
    }

    /** The one written down for the longest beginning of the command. */
    private String answer(String command) {
        return replies.entrySet().stream()
                .filter(entry -> command.startsWith(entry.getKey()))
                .max((a, b) -> a.getKey().length() - b.getKey().length())
                .map(Map.Entry::getValue)
                .orElse("250 2.0.0 ok");
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != -1 && octet != '\n'; octet = in.read()) {
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** Up to the line with the dot alone, without doubled dots. */
    private static byte[] content(InputStream in) throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        while (!raw.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n.\r\n")) {
            int octet = in.read();
            if (octet == -1) {
                throw new IOException("content without end");
            }
            raw.write(octet);
        }
        String text = raw.toString(StandardCharsets.ISO_8859_1);
        return text.substring(0, text.length() - 3)
                .replaceAll("(?m)^\\.\\.", ".")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : connections) {
            socket.close();
        }
    }
}
