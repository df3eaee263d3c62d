package org.relais.configuration.schema;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One element directly under {@code <relais>}, declared. */
public sealed interface Declaration {
    /** Of the element. */
    String name();

    /** What it is for, one or more sentences. */
    String documentation();

    /** {@code <hostname>mx.example.org</hostname>}: an element that is a setting. */
    record Value(Setting<?> setting) implements Declaration {
        @Override
        public String name() {
            return setting.name();
        }

        @Override
        public String documentation() {
            return setting.documentation();
        }
    }

    /** {@code <limits><recipients>1000</recipients>…</limits>}: an element whose children are settings. */
    record Section(String name, String documentation, List<Setting<?>> settings) implements Declaration {
        public Section {
            settings = List.copyOf(settings);
        }
    }

    /**
     * {@code <hook class="…">…</hook>}: any number of elements that name a class and hold parameters which it alone
     * knows.
     *
     * @param name the element's
     */
    record PlugIn(String name, Setting<String> className) {}

    /**
     * {@code <dns><server>…</server></dns>}: an element with any number of children of one name.
     *
     * @param item the children's name
     * @param attributes the children's settings; exactly one, named like the item, when they are its text
     * @param without what holds when the element is left out, in words
     * @param defaults the children that hold when the element is left out, as they would be written
     * @param example a child, as it could be written
     * @param mayBeEmpty whether the element without a child makes sense
     * @param plugIn what may stand inside a child; null if nothing may
     */
    record Items(
            String name,
            String documentation,
            String item,
            List<Setting<?>> attributes,
            String without,
            List<Map<Setting<?>, String>> defaults,
            String example,
            boolean mayBeEmpty,
            @Nullable PlugIn plugIn)
            implements Declaration {
        public Items {
            attributes = List.copyOf(attributes);
            defaults = List.copyOf(defaults);
        }

        Items(
                String name,
                String documentation,
                String item,
                List<Setting<?>> attributes,
                String without,
                List<Map<Setting<?>, String>> defaults,
                String example,
                boolean mayBeEmpty) {
            this(name, documentation, item, attributes, without, defaults, example, mayBeEmpty, null);
        }

        /** Whether a child's setting is its text. */
        public boolean areText() {
            return attributes.size() == 1 && attributes.get(0).name().equals(item);
        }
    }
}
