package org.relais.store.james;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.james.core.Domain;
import org.apache.james.rrt.api.RecipientRewriteTableException;
import org.apache.james.rrt.lib.AbstractRecipientRewriteTable;
import org.apache.james.rrt.lib.Mapping;
import org.apache.james.rrt.lib.MappingSource;
import org.apache.james.rrt.lib.Mappings;
import org.apache.james.rrt.lib.MappingsImpl;
import org.relais.store.directory.DirectoryContent;
import org.relais.store.directory.DirectoryFile;

/** James's rewriting rules (aliases, forwards, groups …) over the directory. Safe for many threads. */
public final class DirectoryRewriteTable extends AbstractRecipientRewriteTable {
    private final DirectoryFile directory;

    public DirectoryRewriteTable(DirectoryFile directory) {
        this.directory = directory;
    }

    @Override
    public void addMapping(MappingSource source, Mapping mapping) throws RecipientRewriteTableException {
        write(content -> content.withMapping(key(source), mapping.asString()));
    }

    @Override
    public void removeMapping(MappingSource source, Mapping mapping) throws RecipientRewriteTableException {
        write(content -> content.withoutMapping(key(source), mapping.asString()));
    }

    private void write(UnaryOperator<DirectoryContent> change) throws RecipientRewriteTableException {
        try {
            directory.update(change);
        } catch (IOException e) {
            throw new RecipientRewriteTableException("cannot write the directory: " + e.getMessage(), e);
        }
    }

    @Override
    public Mappings getStoredMappings(MappingSource source) {
        return mappings(key(source));
    }

    @Override
    protected Mappings mapAddress(String user, Domain domain) {
        Mappings ofUser = mappings(key(MappingSource.fromUser(user, domain)));
        return ofUser.isEmpty() ? mappings(key(MappingSource.fromDomain(domain))) : ofUser;
    }

    /** {@code user@domain}, {@code *@domain} or {@code *}: what {@link MappingSource#parse} reads back. */
    private static String key(MappingSource source) {
        return source.equals(MappingSource.wildCard()) ? source.asString() : source.asMailAddressString();
    }

    private Mappings mappings(String source) {
        List<String> rules = directory.content().mappings().getOrDefault(source, List.of());
        return MappingsImpl.fromMappings(rules.stream().map(Mapping::of));
    }

    @Override
    public Map<MappingSource, Mappings> getAllMappings() {
        Map<MappingSource, Mappings> all = new TreeMap<>(Comparator.comparing(MappingSource::asString));
        directory
                .content()
                .mappings()
                .keySet()
                .forEach(source -> all.put(MappingSource.parse(source), mappings(source)));
        return all;
    }
}
