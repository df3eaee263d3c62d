package org.relais.administration.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the server's answers; a member that is missing or of another kind reads as empty. */
final class Answers {
    private Answers() {}

    static String text(Map<String, ? extends @Nullable Object> answer, String name) {
        var value = answer.get(name);
        return value == null ? "" : value.toString();
    }

    static List<String> texts(Map<String, ? extends @Nullable Object> answer, String name) {
        var texts = new ArrayList<String>();
        if (answer.get(name) instanceof List<?> values) {
            values.forEach(value -> texts.add(String.valueOf(value)));
        }
        return texts;
    }

    static List<Map<String, @Nullable Object>> objects(Map<String, ? extends @Nullable Object> answer, String name) {
        var objects = new ArrayList<Map<String, @Nullable Object>>();
        if (answer.get(name) instanceof List<?> values) {
            values.forEach(value -> objects.add(members(value)));
        }
        return objects;
    }

    static Map<String, @Nullable Object> object(Map<String, ? extends @Nullable Object> answer, String name) {
        return members(answer.get(name));
    }

    private static Map<String, @Nullable Object> members(@Nullable Object value) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        if (value instanceof Map<?, ?> members) {
            members.forEach((member, content) -> object.put(String.valueOf(member), content));
        }
        return object;
    }
}
