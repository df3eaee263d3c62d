package org.relais.store.directory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * One state of the directory; immutable.
 *
 * @param domains local domains, in lower case
 * @param passwords from user name ({@code local@domain}, lower case) to password record ({@link PasswordRecord})
 * @param mappings from source ({@code local@domain}, {@code *@domain} or {@code *}) to its rewriting rules, in their order
 */
public record DirectoryContent(
        SortedSet<String> domains, SortedMap<String, String> passwords, SortedMap<String, List<String>> mappings) {
    public static final DirectoryContent EMPTY =
            new DirectoryContent(new TreeSet<>(), new TreeMap<>(), new TreeMap<>());

    public DirectoryContent {
        domains = Collections.unmodifiableSortedSet(new TreeSet<>(domains));
        passwords = Collections.unmodifiableSortedMap(new TreeMap<>(passwords));
        SortedMap<String, List<String>> rules = new TreeMap<>();
        mappings.forEach((source, targets) -> rules.put(source, List.copyOf(targets)));
        mappings = Collections.unmodifiableSortedMap(rules);
    }

    public DirectoryContent withDomain(String domain) {
        return new DirectoryContent(changed(domains, set -> set.add(domain)), passwords, mappings);
    }

    public DirectoryContent withoutDomain(String domain) {
        return new DirectoryContent(changed(domains, set -> set.remove(domain)), passwords, mappings);
    }

    public DirectoryContent withPassword(String user, String record) {
        SortedMap<String, String> changed = new TreeMap<>(passwords);
        changed.put(user, record);
        return new DirectoryContent(domains, changed, mappings);
    }

    public DirectoryContent withoutUser(String user) {
        SortedMap<String, String> changed = new TreeMap<>(passwords);
        changed.remove(user);
        return new DirectoryContent(domains, changed, mappings);
    }

    /** Adds the rule behind the others of {@code source}; a rule that is there already stays where it is. */
    public DirectoryContent withMapping(String source, String rule) {
        return withRules(source, rules -> {
            if (!rules.contains(rule)) {
                rules.add(rule);
            }
        });
    }

    public DirectoryContent withoutMapping(String source, String rule) {
        return withRules(source, rules -> rules.remove(rule));
    }

    private DirectoryContent withRules(String source, Consumer<List<String>> change) {
        List<String> rules = new ArrayList<>(mappings.getOrDefault(source, List.of()));
        change.accept(rules);
        SortedMap<String, List<String>> changed = new TreeMap<>(mappings);
        if (rules.isEmpty()) {
            changed.remove(source);
        } else {
            changed.put(source, rules);
        }
        return new DirectoryContent(domains, passwords, changed);
    }

    private static SortedSet<String> changed(SortedSet<String> set, Consumer<SortedSet<String>> change) {
        SortedSet<String> copy = new TreeSet<>(set);
        change.accept(copy);
        return copy;
    }
}
