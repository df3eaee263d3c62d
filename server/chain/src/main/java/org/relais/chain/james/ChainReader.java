package org.relais.chain.james;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.mailetcontainer.api.MailetLoader;
import org.apache.james.mailetcontainer.impl.MailetConfigImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.apache.mailet.MailetContext;
import org.apache.mailet.Matcher;
import org.jspecify.annotations.Nullable;
import org.relais.chain.plan.OnException;
import org.relais.chain.plan.ProcessorPlan;
import org.relais.chain.plan.StepPlan;

/**
 * Builds a chain from the {@code <processors>} of a {@code mailetcontainer.xml}, in James's format.
 *
 * <p>Tells everything that is wrong at once. Nothing stays loaded when it throws. One reader reads one chain.
 */
final class ChainReader {
    private final MailetLoader mailets;
    private final MatcherReader matchers;
    private final MailetContext context;
    private final List<Mailet> loadedMailets = new ArrayList<>();

    ChainReader(MailetLoader mailets, MatcherReader matchers, MailetContext context) {
        this.mailets = mailets;
        this.matchers = matchers;
        this.context = context;
    }

    LoadedChain read(HierarchicalConfiguration<ImmutableNode> processors) throws ConfigurationException {
        List<String> mistakes = new ArrayList<>();
        Map<String, LoadedProcessor> loaded = new LinkedHashMap<>();
        for (HierarchicalConfiguration<ImmutableNode> element : processors.configurationsAt("processor")) {
            String name = element.getString("[@state]", "");
            if (name.isBlank()) {
                mistakes.add("a processor has no state=\"NAME\"");
            } else if (name.equals(Mail.GHOST)) {
                mistakes.add("no processor can be called " + Mail.GHOST + ": it is the state of mails that ended");
            } else if (loaded.putIfAbsent(name, readProcessor(name, element, mistakes)) != null) {
                mistakes.add("processor " + name + " stands in the chain twice");
            }
        }
        LoadedChain chain = new LoadedChain(loaded, loadedMailets, matchers.loaded());
        checkReferences(chain, loaded, mistakes);
        if (!mistakes.isEmpty()) {
            chain.close();
            throw new ConfigurationException(String.join("\n", mistakes));
        }
        return chain;
    }

    private LoadedProcessor readProcessor(
            String name, HierarchicalConfiguration<ImmutableNode> element, List<String> mistakes) {
        Map<String, Matcher> named = new HashMap<>();
        try {
            named.putAll(matchers.readNamed(element.configurationsAt("matcher")));
        } catch (ConfigurationException e) {
            mistakes.add("processor " + name + ": " + reason(e));
        }
        List<LoadedStep> steps = new ArrayList<>();
        for (HierarchicalConfiguration<ImmutableNode> mailet : element.configurationsAt("mailet")) {
            try {
                steps.add(readStep(mailet, named));
            } catch (ConfigurationException e) {
                mistakes.add("processor " + name + ": " + reason(e));
            }
        }
        List<StepPlan> plans = steps.stream().map(LoadedStep::plan).toList();
        return new LoadedProcessor(new ProcessorPlan(name, plans), steps);
    }

    private LoadedStep readStep(HierarchicalConfiguration<ImmutableNode> element, Map<String, Matcher> named)
            throws ConfigurationException {
        String mailetName = element.getString("[@class]", "");
        if (mailetName.isBlank()) {
            throw new ConfigurationException("a mailet has no class=\"NAME\"");
        }
        MatcherReader.Reading matcher = matchers.readOfStep(element, named);
        MailetConfigImpl config = new MailetConfigImpl();
        config.setMailetName(mailetName);
        config.setConfiguration(element);
        config.setMailetContext(context);
        String onMatch = config.getInitParameter("onMatchException");
        StepPlan plan = new StepPlan(
                matcher.text(),
                mailetName,
                OnException.ofMatcher(onMatch == null ? config.getInitParameter("onMatcherException") : onMatch),
                OnException.ofMailet(config.getInitParameter("onMailetException")),
                mailetName + "\n" + matcher.text() + "\n" + parameters(config));
        return new LoadedStep(plan, matcher.matcher(), load(mailetName, config));
    }

    private Mailet load(String name, MailetConfigImpl config) throws ConfigurationException {
        try {
            Mailet mailet = mailets.getMailet(config);
            loadedMailets.add(mailet);
            return mailet;
        } catch (MessagingException | RuntimeException | LinkageError e) {
            throw new ConfigurationException("mailet " + name + " cannot be loaded: " + reason(e), e);
        }
    }

    private static String parameters(MailetConfigImpl config) {
        List<String> parameters = new ArrayList<>();
        config.getInitParameterNames()
                .forEachRemaining(name -> parameters.add(name + "=" + config.getInitParameter(name)));
        Collections.sort(parameters);
        return String.join("\n", parameters);
    }

    private static void checkReferences(LoadedChain chain, Map<String, LoadedProcessor> loaded, List<String> mistakes) {
        for (String required : List.of(Mail.DEFAULT, Mail.ERROR)) {
            if (!loaded.containsKey(required)) {
                mistakes.add("the chain needs a processor " + required);
            }
        }
        for (LoadedProcessor processor : loaded.values()) {
            for (LoadedStep step : processor.steps()) {
                targets(step)
                        .filter(target -> !target.equals(Mail.GHOST))
                        .filter(target -> chain.processor(target).isEmpty())
                        .forEach(target -> mistakes.add("processor " + processor.name() + ": mailet "
                                + step.plan().mailet() + " sends mail to the processor " + target
                                + ", which does not exist"));
            }
        }
    }

    private static Stream<String> targets(LoadedStep step) {
        Stream<String> required = step.mailet().requiredProcessingState().stream()
                .map(state -> state.getValue())
                .filter(state -> !(OnException.ofMailet(state) instanceof OnException.Ignore))
                .filter(state -> !(OnException.ofMailet(state) instanceof OnException.Defer));
        Stream<String> onException = Stream.of(
                        step.plan().onMailetException(), step.plan().onMatcherException())
                .filter(OnException.ToProcessor.class::isInstance)
                .map(policy -> ((OnException.ToProcessor) policy).processor());
        return Stream.concat(required, onException).distinct();
    }

    /** The innermost words of an exception that James's loaders wrapped. */
    static String reason(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        String reason = Objects.requireNonNullElse(thrown.getMessage(), thrown.toString());
        for (Throwable inner = next(thrown); inner != null && seen.add(inner); inner = next(inner)) {
            if (inner.getMessage() != null && !reason.contains(inner.getMessage())) {
                reason = reason + ": " + inner.getMessage();
            }
        }
        return reason;
    }

    private static @Nullable Throwable next(Throwable thrown) {
        return thrown.getCause();
    }
}
