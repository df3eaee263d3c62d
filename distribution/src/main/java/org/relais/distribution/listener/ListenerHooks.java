package org.relais.distribution.listener;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.convert.DisabledListDelimiterHandler;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.lifecycle.api.Configurable;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.relais.access.smtp.Hooks;
import org.relais.access.smtp.james.hooks.JamesHooks;
import org.relais.chain.extension.ClassNames;
import org.relais.configuration.settings.HookSettings;
import org.relais.configuration.settings.Listener;
import org.relais.spool.Spool;
import org.relais.spool.james.SpoolMails;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the hooks that relais.xml names, each once for its listener. Load and close it once, from one thread, around the
 * listeners' life.
 */
public final class ListenerHooks {
    private static final Logger LOGGER = LoggerFactory.getLogger(ListenerHooks.class);

    private final List<Listener> listeners;
    private final ClassNames classes;
    private final Function<Class<?>, Object> instances;
    private final Spool spool;
    private final SpoolMails mails;
    private final List<ProtocolHandler> loaded = new ArrayList<>();
    private final Map<Listener, Hooks> hooks = new IdentityHashMap<>();

    /** @param instances injects the constructor of a class */
    ListenerHooks(
            List<Listener> listeners,
            ClassNames classes,
            Function<Class<?>, Object> instances,
            Spool spool,
            SpoolMails mails) {
        this.listeners = listeners;
        this.classes = classes;
        this.instances = instances;
        this.spool = spool;
        this.mails = mails;
    }

    /** @throws ConfigurationException naming the hook that cannot be made; then none is left */
    public void load() throws ConfigurationException {
        try {
            loadAll();
        } catch (ConfigurationException e) {
            close();
            throw e;
        }
    }

    private void loadAll() throws ConfigurationException {
        for (Listener listener : listeners) {
            if (listener.hooks().isEmpty()) {
                continue;
            }
            List<ProtocolHandler> ofListener = new ArrayList<>();
            for (HookSettings hook : listener.hooks()) {
                ProtocolHandler made = make(hook);
                loaded.add(made);
                ofListener.add(made);
            }
            hooks.put(listener, new JamesHooks(ofListener, spool, mails));
        }
    }

    /** Those of a listener of relais.xml. */
    Hooks of(Listener listener) {
        return hooks.getOrDefault(listener, Hooks.NONE);
    }

    public void close() {
        for (ProtocolHandler hook : loaded) {
            try {
                hook.destroy();
            } catch (RuntimeException e) { // a plug-in's: the others end nevertheless
                LOGGER.warn("{} did not end as it should", hook.getClass().getName(), e);
            }
        }
        loaded.clear();
    }

    private ProtocolHandler make(HookSettings settings) throws ConfigurationException {
        String which = "the hook " + settings.className() + " of line " + settings.line() + " of relais.xml";
        try {
            Class<?> type = classes.find(settings.className());
            if (!JamesHooks.isHook(type)) {
                throw new ConfigurationException(which + " is not one of James's SMTP hooks");
            }
            ProtocolHandler hook = (ProtocolHandler) instances.apply(type);
            HierarchicalConfiguration<ImmutableNode> parameters = parameters(settings);
            if (hook instanceof Configurable configurable) {
                configurable.configure(parameters);
            }
            hook.init(parameters);
            return hook;
        } catch (ClassNotFoundException e) {
            throw new ConfigurationException(which + " is not found: " + e.getMessage(), e);
        } catch (RuntimeException | LinkageError e) { // a plug-in's constructor, or what it wants and nobody has
            throw new ConfigurationException(which + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** A comma separates nothing: what takes several values is written several times. */
    private static HierarchicalConfiguration<ImmutableNode> parameters(HookSettings settings) {
        BaseHierarchicalConfiguration parameters = new BaseHierarchicalConfiguration();
        parameters.setListDelimiterHandler(DisabledListDelimiterHandler.INSTANCE);
        parameters.addNodes(
                "", settings.parameters().stream().map(ListenerHooks::node).toList());
        return parameters;
    }

    private static ImmutableNode node(HookSettings.Parameter parameter) {
        ImmutableNode.Builder node = new ImmutableNode.Builder().name(parameter.name());
        if (!parameter.value().isEmpty()) {
            node.value(parameter.value());
        }
        parameter.children().forEach(child -> node.addChild(node(child)));
        return node.create();
    }
}
