package org.relais.configuration.relaisxml;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.configuration.schema.Declaration;

/** What relais.xml holds, read by its declarations: typed values with their lines. */
final class Content {
    /**
     * @param line of the element around them
     * @param values of each child that is sound, in the order written
     */
    record ItemList(int line, List<Values> values) {
        ItemList {
            values = List.copyOf(values);
        }
    }

    private final Values values = new Values(1);
    private final Map<Declaration.Items, ItemList> items = new IdentityHashMap<>();

    /** Those of all elements that stand once. */
    Values values() {
        return values;
    }

    void put(Declaration.Items declaration, ItemList list) {
        items.put(declaration, list);
    }

    /** Empty when the element is left out. */
    Optional<ItemList> items(Declaration.Items declaration) {
        return Optional.ofNullable(items.get(declaration));
    }
}
