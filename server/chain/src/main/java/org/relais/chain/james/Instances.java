package org.relais.chain.james;

import java.util.function.Function;
import javax.mail.MessagingException;
import org.relais.chain.extension.ClassNames;

/** Makes an instance of a mailet's or matcher's class. */
final class Instances {
    private Instances() {}

    static <T> T make(String name, Class<T> type, ClassNames classes, Function<Class<?>, Object> instances)
            throws MessagingException {
        Class<?> found = find(name, classes);
        if (!type.isAssignableFrom(found)) {
            throw new MessagingException(found.getName() + " is not a " + type.getSimpleName());
        }
        return type.cast(instances.apply(found));
    }

    private static Class<?> find(String name, ClassNames classes) throws MessagingException {
        try {
            return classes.find(name);
        } catch (ClassNotFoundException e) {
            throw new MessagingException(
                    name.indexOf('.') < 0 ? e.getMessage() : "no class " + name + " here or in conf/extensions", e);
        }
    }
}
