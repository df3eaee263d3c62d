package org.relais.access.transport.james;

import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.relais.access.transport.ListenerOptions;

/** The configuration that James's servers insist on, made in memory: only what they read and we do not override. */
public final class ListenerConfiguration {
    private ListenerConfiguration() {}

    /** The caller may add the keys of its protocol. */
    public static HierarchicalConfiguration<ImmutableNode> of(ListenerOptions options) {
        BaseHierarchicalConfiguration configuration = new BaseHierarchicalConfiguration();
        // Never bound by James: the transport does it. James would look any other address up by name.
        configuration.addProperty("bind", "0.0.0.0:" + options.port());
        configuration.addProperty("jmxName", options.name());
        configuration.addProperty("maxExecutorCount", 1);
        configuration.addProperty("helloName", options.hostname());
        configuration.addProperty("helloName.[@autodetect]", false);
        configuration.addProperty(
                "connectiontimeout", Math.toIntExact(options.limits().idle().toSeconds()));
        configuration.addProperty("connectionLimit", options.limits().connections());
        configuration.addProperty("connectionLimitPerIP", options.limits().connectionsPerClient());
        configuration.addProperty("handlerchain.[@enableJmx]", false);
        return configuration;
    }
}
