package org.relais.chain.james;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.mail.MessagingException;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.mailetcontainer.api.MatcherLoader;
import org.apache.james.mailetcontainer.impl.MatcherConfigImpl;
import org.apache.james.mailetcontainer.impl.matchers.CompositeMatcher;
import org.apache.mailet.MailetContext;
import org.apache.mailet.Matcher;
import org.apache.mailet.base.MatcherInverter;
import org.jspecify.annotations.Nullable;

/**
 * Reads matchers as James's chains write them: {@code match="Name=condition"}, {@code notmatch}, and composite matchers
 * ({@code And}, {@code Or}, {@code Not}, {@code Xor}) with {@code <matcher>} elements inside and a name to refer to.
 *
 * <p>One reader reads one chain.
 */
final class MatcherReader {
    private final MatcherLoader loader;
    private final MailetContext context;
    private final List<Matcher> loaded = new ArrayList<>();

    MatcherReader(MatcherLoader loader, MailetContext context) {
        this.loader = loader;
        this.context = context;
    }

    /** Every matcher loaded so far, those inside others included. */
    List<Matcher> loaded() {
        return loaded;
    }

    /** A matcher and what the chain says about it, nested matchers included. */
    record Reading(Matcher matcher, String text) {}

    /** The named composite matchers that stand directly in a processor. */
    Map<String, Matcher> readNamed(List<HierarchicalConfiguration<ImmutableNode>> elements)
            throws ConfigurationException {
        Map<String, Matcher> named = new HashMap<>();
        for (HierarchicalConfiguration<ImmutableNode> element : elements) {
            readComposite(element, named);
        }
        return named;
    }

    /** The matcher of a {@code <mailet>}; without {@code match} and {@code notmatch} every recipient matches. */
    Reading readOfStep(HierarchicalConfiguration<ImmutableNode> element, Map<String, Matcher> named)
            throws ConfigurationException {
        Choice choice = choice(element);
        if (choice == null) {
            return new Reading(load("All"), "All");
        }
        Matcher matcher = named.containsKey(choice.name()) ? named.get(choice.name()) : load(choice.name());
        String text = text(choice, matcher);
        return new Reading(choice.inverted() ? new MatcherInverter(matcher) : matcher, text);
    }

    private Matcher readComposite(HierarchicalConfiguration<ImmutableNode> element, Map<String, Matcher> named)
            throws ConfigurationException {
        Choice choice = choice(element);
        if (choice == null) {
            throw new ConfigurationException("a matcher has neither match=\"NAME\" nor notmatch=\"NAME\"");
        }
        Matcher matcher = load(choice.name());
        List<HierarchicalConfiguration<ImmutableNode>> children = element.configurationsAt("matcher");
        if (matcher instanceof CompositeMatcher composite) {
            for (HierarchicalConfiguration<ImmutableNode> child : children) {
                composite.add(readComposite(child, named));
            }
        } else if (!children.isEmpty()) {
            throw new ConfigurationException("matcher " + choice.name() + " takes no matchers inside it");
        }
        Matcher result = choice.inverted() ? new MatcherInverter(matcher) : matcher;
        String name = element.getString("[@name]", null);
        if (name != null && named.put(name, result) != null) {
            throw new ConfigurationException("matcher " + name + " is named twice");
        }
        return result;
    }

    private static String text(Choice choice, Matcher matcher) {
        String text =
                matcher instanceof CompositeMatcher composite ? choice.name() + members(composite) : choice.name();
        return choice.inverted() ? "not " + text : text;
    }

    private static String members(CompositeMatcher composite) {
        List<String> members = new ArrayList<>();
        for (Matcher member : composite.getMatchers()) {
            String condition = member.getMatcherConfig().getCondition();
            String name = member.getMatcherConfig().getMatcherName() + (condition == null ? "" : "=" + condition);
            members.add((member instanceof MatcherInverter ? "not " : "")
                    + (member instanceof CompositeMatcher inner ? name + members(inner) : name));
        }
        return "(" + String.join(", ", members) + ")";
    }

    private Matcher load(String text) throws ConfigurationException {
        int equals = text.indexOf('=');
        MatcherConfigImpl config = new MatcherConfigImpl();
        config.setMatcherName(equals < 0 ? text : text.substring(0, equals));
        config.setCondition(equals < 0 ? null : text.substring(equals + 1));
        config.setMailetContext(context);
        try {
            Matcher matcher = loader.getMatcher(config);
            loaded.add(matcher);
            return matcher;
        } catch (MessagingException | RuntimeException | LinkageError e) {
            throw new ConfigurationException("matcher " + text + " cannot be loaded: " + ChainReader.reason(e), e);
        }
    }

    private static @Nullable Choice choice(HierarchicalConfiguration<ImmutableNode> element)
            throws ConfigurationException {
        String match = element.getString("[@match]", null);
        String notmatch = element.getString("[@notmatch]", null);
        if (match != null && notmatch != null) {
            throw new ConfigurationException(
                    "match=\"" + match + "\" and notmatch=\"" + notmatch + "\" cannot stand together: choose one");
        }
        if (match != null) {
            return new Choice(match, false);
        }
        return notmatch == null ? null : new Choice(notmatch, true);
    }

    private record Choice(String name, boolean inverted) {}
}
