package org.relais.store.directory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The directory as JSON, read and written token by token: binding objects by reflection costs a start a tenth of its
 * time. Pure.
 */
final class DirectoryJson {
    private static final JsonFactory JSON = new JsonFactory();

    /** The file is of a version that this one does not read. */
    static final class OtherVersionException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int version;

        OtherVersionException(int version) {
            super("version " + version);
            this.version = version;
        }

        int version() {
            return version;
        }
    }

    private DirectoryJson() {}

    static byte[] write(DirectoryContent content, int version) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeNumberField("version", version);
            json.writeArrayFieldStart("domains");
            for (String domain : content.domains()) {
                json.writeString(domain);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("users");
            for (var user : content.passwords().entrySet()) {
                json.writeStringField(user.getKey(), user.getValue());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("mappings");
            for (var mapping : content.mappings().entrySet()) {
                json.writeArrayFieldStart(mapping.getKey());
                for (String rule : mapping.getValue()) {
                    json.writeString(rule);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** @throws JsonParseException with the place, if it is not what {@link #write} writes */
    static DirectoryContent read(byte[] bytes, int version) throws IOException, OtherVersionException {
        SortedSet<String> domains = new TreeSet<>();
        SortedMap<String, String> users = new TreeMap<>();
        SortedMap<String, List<String>> mappings = new TreeMap<>();
        try (JsonParser json = JSON.createParser(bytes)) {
            expect(json, json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "version" -> {
                        expect(json, value, JsonToken.VALUE_NUMBER_INT);
                        if (json.getIntValue() != version) {
                            throw new OtherVersionException(json.getIntValue());
                        }
                    }
                    case "domains" -> domains.addAll(strings(json, value));
                    case "users" -> {
                        expect(json, value, JsonToken.START_OBJECT);
                        while (json.nextToken() == JsonToken.FIELD_NAME) {
                            String user = json.currentName();
                            expect(json, json.nextToken(), JsonToken.VALUE_STRING);
                            users.put(user, json.getText());
                        }
                    }
                    case "mappings" -> {
                        expect(json, value, JsonToken.START_OBJECT);
                        while (json.nextToken() == JsonToken.FIELD_NAME) {
                            String source = json.currentName();
                            mappings.put(source, strings(json, json.nextToken()));
                        }
                    }
                    default -> throw new JsonParseException(json, "there is no field " + name + " in a directory");
                }
            }
            expect(json, json.currentToken(), JsonToken.END_OBJECT);
        }
        return new DirectoryContent(domains, users, mappings);
    }

    private static List<String> strings(JsonParser json, JsonToken start) throws IOException {
        expect(json, start, JsonToken.START_ARRAY);
        List<String> strings = new ArrayList<>();
        while (json.nextToken() == JsonToken.VALUE_STRING) {
            strings.add(json.getText());
        }
        expect(json, json.currentToken(), JsonToken.END_ARRAY);
        return strings;
    }

    private static void expect(JsonParser json, JsonToken found, JsonToken wanted) throws JsonParseException {
        if (found != wanted) {
            throw new JsonParseException(json, "expected " + wanted + ", found " + found);
        }
    }
}
