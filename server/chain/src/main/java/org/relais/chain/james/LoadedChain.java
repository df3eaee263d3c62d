package org.relais.chain.james;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.apache.mailet.Matcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All processors of a home, ready to run; closing it takes each mailet and matcher out of service, once.
 *
 * <p>Immutable; used by many threads.
 */
final class LoadedChain implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LoadedChain.class);

    private final Map<String, LoadedProcessor> processors;
    private final List<Mailet> mailets;
    private final List<Matcher> matchers;

    LoadedChain(Map<String, LoadedProcessor> processors, List<Mailet> mailets, List<Matcher> matchers) {
        this.processors = Map.copyOf(processors);
        this.mailets = List.copyOf(mailets);
        this.matchers = List.copyOf(matchers);
    }

    /** By its name; names that differ in case only are taken for the same when the exact one is missing. */
    Optional<LoadedProcessor> processor(String name) {
        LoadedProcessor exact = processors.get(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        return processors.values().stream()
                .filter(processor -> processor.name().equalsIgnoreCase(name))
                .findFirst();
    }

    LoadedProcessor error() {
        return processor(Mail.ERROR).orElseThrow(() -> new IllegalStateException("a chain without a processor error"));
    }

    boolean isError(LoadedProcessor processor) {
        return processor.name().equals(error().name());
    }

    @Override
    public void close() {
        mailets.forEach(mailet -> destroy(mailet, mailet::destroy));
        matchers.forEach(matcher -> destroy(matcher, matcher::destroy));
    }

    private static void destroy(Object part, Runnable destroy) {
        try {
            destroy.run();
        } catch (Exception e) {
            LOGGER.warn("{} did not end cleanly", part.getClass().getName(), e);
        }
    }
}
