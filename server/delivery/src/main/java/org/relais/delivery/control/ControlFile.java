package org.relais.delivery.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.relais.delivery.schedule.DestinationPattern;

/**
 * The orders in a file: an array of objects of strings, in JSON (RFC 8259). It is written beside, synced and renamed,
 * so that a crash leaves the old or the new one. For one thread at a time.
 */
public final class ControlFile {
    private static final int LARGEST = 16 * 1024 * 1024;
    private static final List<String> MEMBERS = List.of(
            "number", "destination", "sender", "recipient", "queueIds", "via", "reason", "who", "since", "until");
    private static final JsonFactory JSON = new JsonFactory();

    private final Path path;

    /** @param path {@code data/delivery.json}; its folder exists */
    public ControlFile(Path path) {
        this.path = path;
    }

    /** @throws IOException if it is there and cannot be used; its message names the remedy */
    List<Order> read() throws IOException {
        try {
            if (Files.size(path) > LARGEST) {
                throw new IOException("it is larger than " + LARGEST + " octets");
            }
            return parse(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw new IOException(
                    path + ", which holds the suspensions and reroutes, cannot be used: " + e.getMessage()
                            + "; correct it, or move it away to start without any",
                    e);
        }
    }

    private static List<Order> parse(byte[] bytes) throws IOException {
        List<Order> orders = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(bytes)) {
            expect(parser.nextToken(), JsonToken.START_ARRAY);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(parser.currentToken(), JsonToken.START_OBJECT);
                orders.add(order(members(parser)));
            }
            if (parser.nextToken() != null) {
                throw new IOException("something follows its end");
            }
        }
        return List.copyOf(orders);
    }

    private static Map<String, String> members(JsonParser parser) throws IOException {
        Map<String, String> members = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            expect(parser.currentToken(), JsonToken.FIELD_NAME);
            String name = parser.currentName();
            if (!MEMBERS.contains(name)) {
                throw new IOException("it has an unknown member \"" + name + "\"");
            }
            expect(parser.nextToken(), JsonToken.VALUE_STRING);
            members.put(name, parser.getText());
        }
        return members;
    }

    private static void expect(@Nullable JsonToken found, JsonToken wanted) throws IOException {
        if (found != wanted) {
            throw new IOException("it has " + found + " where " + wanted + " should be");
        }
    }

    private static Order order(Map<String, String> members) throws IOException {
        var selection = new Selection(
                pattern(members, "destination"),
                pattern(members, "sender"),
                pattern(members, "recipient"),
                queueIds(members));
        return new Order(
                Long.parseLong(required(members, "number")),
                selection,
                Optional.ofNullable(members.get("via")),
                required(members, "reason"),
                required(members, "who"),
                Instant.parse(required(members, "since")),
                Optional.ofNullable(members.get("until")).map(Instant::parse));
    }

    private static Set<String> queueIds(Map<String, String> members) {
        return Set.of(Optional.ofNullable(members.get("queueIds"))
                .map(ids -> ids.split(" "))
                .orElse(new String[0]));
    }

    private static Optional<DestinationPattern> pattern(Map<String, String> members, String name) {
        return Optional.ofNullable(members.get(name)).map(DestinationPattern::new);
    }

    private static String required(Map<String, String> members, String name) throws IOException {
        String value = members.get(name);
        if (value == null) {
            throw new IOException("an order has no \"" + name + "\"");
        }
        return value;
    }

    void write(List<Order> orders) throws IOException {
        Path beside = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(format(orders));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static byte[] format(List<Order> orders) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes).useDefaultPrettyPrinter()) {
            json.writeStartArray();
            for (Order order : orders) {
                json.writeStartObject();
                json.writeStringField("number", Long.toString(order.number()));
                write(json, "destination", order.selection().destination());
                write(json, "sender", order.selection().sender());
                write(json, "recipient", order.selection().recipient());
                List<String> ids =
                        order.selection().queueIds().stream().sorted().toList();
                write(json, "queueIds", ids.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", ids)));
                write(json, "via", order.via());
                json.writeStringField("reason", order.reason());
                json.writeStringField("who", order.who());
                json.writeStringField("since", order.since().toString());
                write(json, "until", order.until());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, String name, Optional<?> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get().toString());
        }
    }
}
