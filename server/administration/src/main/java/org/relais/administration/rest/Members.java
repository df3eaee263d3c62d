package org.relais.administration.rest;

import java.util.LinkedHashMap;
import java.util.Map;

/** JSON members in the order in which they are written. */
final class Members {
    private Members() {}

    static <V> Map<String, V> of(String name, V value, String name2, V value2) {
        var members = new LinkedHashMap<String, V>();
        members.put(name, value);
        members.put(name2, value2);
        return members;
    }
}
