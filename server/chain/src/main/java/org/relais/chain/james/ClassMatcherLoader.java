package org.relais.chain.james;

import java.util.List;
import java.util.function.Function;
import javax.mail.MessagingException;
import org.apache.james.mailetcontainer.api.MatcherLoader;
import org.apache.mailet.Matcher;
import org.apache.mailet.MatcherConfig;
import org.relais.chain.extension.ClassNames;
import org.relais.chain.extension.ExtensionLoader;

/** Makes matchers from class names: ours, James's (composite ones included), and those of the extensions. */
public final class ClassMatcherLoader implements MatcherLoader {
    /** Where short names are looked for, in this order. */
    public static final List<String> PACKAGES = List.of(
            "org.relais.matchers",
            "org.apache.james.transport.matchers",
            "org.apache.james.mailetcontainer.impl.matchers");

    private final ClassNames classes;
    private final Function<Class<?>, Object> instances;

    /** {@code instances} injects the constructor of a class, e.g. Guice's {@code injector::getInstance}. */
    public ClassMatcherLoader(ExtensionLoader extensions, Function<Class<?>, Object> instances) {
        this.classes = new ClassNames(PACKAGES, extensions);
        this.instances = instances;
    }

    @Override
    public Matcher getMatcher(MatcherConfig config) throws MessagingException {
        Matcher matcher = Instances.make(config.getMatcherName(), Matcher.class, classes, instances);
        matcher.init(config);
        return matcher;
    }
}
