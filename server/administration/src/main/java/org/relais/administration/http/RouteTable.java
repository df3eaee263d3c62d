package org.relais.administration.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a method and a raw path. A path is cut at its slashes first and decoded afterwards, part by part,
 * and matched exactly: no empty parts, no dots, no trailing slash. Built once, then immutable.
 */
public final class RouteTable {
    private static final String VARIABLE = "{}";

    private record Entry(String method, List<String> pattern, RestRoute route) {}

    /** A route and what stood in its variables. */
    record Match(RestRoute route, List<String> variables) {}

    private final List<Entry> entries;

    private RouteTable(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    Optional<Match> find(String method, String rawPath) {
        var parts = cut(rawPath);
        for (var entry : entries) {
            var variables = entry.method.equals(method) ? match(entry.pattern, parts) : null;
            if (variables != null) {
                return Optional.of(new Match(entry.route, variables));
            }
        }
        return Optional.empty();
    }

    /** The methods that this path has, in alphabetical order, as the field Allow lists them. */
    String methodsOf(String rawPath) {
        var parts = cut(rawPath);
        var methods = new TreeSet<String>();
        for (var entry : entries) {
            if (match(entry.pattern, parts) != null) {
                methods.add(entry.method);
            }
        }
        return String.join(", ", methods);
    }

    static Map<String, String> parameters(@Nullable String rawQuery) {
        var parameters = new LinkedHashMap<String, String>();
        if (rawQuery != null) {
            for (var pair : rawQuery.split("&", -1)) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                var value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters.put(decode(name, true), decode(value, true));
            }
        }
        return parameters;
    }

    private static @Nullable List<String> match(List<String> pattern, List<String> parts) {
        if (pattern.size() != parts.size()) {
            return null;
        }
        var variables = new ArrayList<String>();
        for (int i = 0; i < parts.size(); i++) {
            if (pattern.get(i).equals(VARIABLE) && !parts.get(i).isEmpty()) {
                variables.add(parts.get(i));
            } else if (!pattern.get(i).equals(parts.get(i))) {
                return null;
            }
        }
        return variables;
    }

    private static List<String> cut(String rawPath) {
        var parts = new ArrayList<String>();
        for (var part : rawPath.split("/", -1)) {
            parts.add(decode(part, false));
        }
        return parts;
    }

    private static String decode(String part, boolean isQuery) {
        // URLDecoder reads forms, where a plus is a space; in a path it is a plus (RFC 3986 §3.3).
        return URLDecoder.decode(isQuery ? part : part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Collects routes; a path is written as {@code /users/{}}, braces for each variable. */
    public static final class Builder {
        private final List<Entry> entries = new ArrayList<>();

        public Builder route(String method, String path, RestRoute route) {
            entries.add(new Entry(method, List.of(path.split("/", -1)), route));
            return this;
        }

        public RouteTable build() {
            return new RouteTable(entries);
        }
    }
}
