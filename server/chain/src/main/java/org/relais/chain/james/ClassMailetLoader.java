package org.relais.chain.james;

import java.util.List;
import java.util.function.Function;
import javax.mail.MessagingException;
import org.apache.james.mailetcontainer.api.MailetLoader;
import org.apache.mailet.Mailet;
import org.apache.mailet.MailetConfig;
import org.relais.chain.extension.ClassNames;
import org.relais.chain.extension.ExtensionLoader;

/** Makes mailets from class names: ours, James's, and those of the extensions. */
public final class ClassMailetLoader implements MailetLoader {
    /** Where short names are looked for, in this order. */
    public static final List<String> PACKAGES = List.of(
            "org.relais.mailets.delivery",
            "org.apache.james.transport.mailets",
            "org.apache.james.transport.mailets.managesieve");

    private final ClassNames classes;
    private final Function<Class<?>, Object> instances;

    /** {@code instances} injects the constructor of a class, e.g. Guice's {@code injector::getInstance}. */
    public ClassMailetLoader(ExtensionLoader extensions, Function<Class<?>, Object> instances) {
        this.classes = new ClassNames(PACKAGES, extensions);
        this.instances = instances;
    }

    @Override
    public Mailet getMailet(MailetConfig config) throws MessagingException {
        Mailet mailet = Instances.make(config.getMailetName(), Mailet.class, classes, instances);
        mailet.init(config);
        return mailet;
    }
}
