package org.relais.chain.extension;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns the name that stands in a chain into a class.
 *
 * <p>A name with a dot is a full name, or else one below the given packages, such as {@code debug.Counter}. A short name
 * is looked for in these packages, in their order, and then among the extensions, where it must be the only one of its
 * kind. Safe for many threads.
 */
public final class ClassNames {
    private final List<String> packages;
    private final ExtensionLoader extensions;

    public ClassNames(List<String> packages, ExtensionLoader extensions) {
        this.packages = List.copyOf(packages);
        this.extensions = extensions;
    }

    /** Throws {@link ClassNotFoundException} with a text that says where was looked. */
    public Class<?> find(String name) throws ClassNotFoundException {
        boolean isFull = name.indexOf('.') >= 0;
        List<String> candidates = new ArrayList<>(isFull ? List.of(name) : List.of());
        packages.forEach(prefix -> candidates.add(prefix + "." + name));
        for (String candidate : candidates) {
            try {
                return load(candidate);
            } catch (ClassNotFoundException e) {
                // The next package may have it; when none has, the exception below names them all.
                continue;
            }
        }
        List<String> found = new ArrayList<>(extensions.fullNames(name));
        if (found.size() == 1) {
            return load(found.get(0));
        }
        throw new ClassNotFoundException(
                found.isEmpty()
                        ? "no " + name + " in " + String.join(", ", packages) + " or conf/extensions"
                        : "several extensions have a " + name + ", write one of the full names: "
                                + String.join(", ", found));
    }

    private Class<?> load(String fullName) throws ClassNotFoundException {
        return Class.forName(fullName, true, extensions.classLoader());
    }
}
