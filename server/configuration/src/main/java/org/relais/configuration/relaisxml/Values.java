package org.relais.configuration.relaisxml;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.configuration.schema.InvalidValueException;
import org.relais.configuration.schema.Setting;
import org.relais.configuration.xml.XmlElement;

/** The values of one element's settings, or of all elements that stand once. Written by one thread, then only read. */
final class Values {
    private record Given(Object value, String text, int line) {}

    private final Map<Setting<?>, Given> given = new IdentityHashMap<>();
    private final List<XmlElement> plugIns = new ArrayList<>();
    private final int line;

    /** @param line what a setting that is not written belongs to */
    Values(int line) {
        this.line = line;
    }

    <T> void put(Setting<T> setting, T value, String text, int atLine) {
        given.put(setting, new Given(value, text, atLine));
    }

    void addPlugIn(XmlElement element) {
        plugIns.add(element);
    }

    /** The plug-ins inside the element, in the order written. */
    List<XmlElement> plugIns() {
        return List.copyOf(plugIns);
    }

    int line() {
        return line;
    }

    boolean isGiven(Setting<?> setting) {
        return given.containsKey(setting);
    }

    /** Where {@code setting} is written, or what it belongs to. */
    int line(Setting<?> setting) {
        Given found = given.get(setting);
        return found == null ? line : found.line();
    }

    /** As it is written, or its default; empty if there is neither. */
    Optional<String> text(Setting<?> setting) {
        Given found = given.get(setting);
        return found == null ? Optional.ofNullable(setting.defaultText()) : Optional.of(found.text());
    }

    /** What is written, or the default; for settings that have one, or are required and were found. */
    <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalStateException(setting.name() + " has no value"));
    }

    @SuppressWarnings("unchecked") // put() is the only writer and ties the two types together
    <T> Optional<T> find(Setting<T> setting) {
        Given found = given.get(setting);
        if (found != null) {
            return Optional.of((T) found.value());
        }
        String text = setting.defaultText();
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(setting.type().parse(text));
        } catch (InvalidValueException e) {
            throw new IllegalStateException("the declared default of " + setting.name() + " is wrong", e);
        }
    }
}
