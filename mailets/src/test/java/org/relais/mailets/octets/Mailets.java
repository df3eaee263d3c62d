package org.relais.mailets.octets;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.james.core.Username;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.apache.mailet.MailetContext;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.relais.delivery.dsn.DsnSettings;

/** Makes James's mailets as a server would. What they would look up elsewhere, in DNS or among users, is not there. */
final class Mailets {
    private Mailets() {}

    static Mailet init(String className, List<String> parameters, MailetContext context) throws Exception {
        Class<?> type = Class.forName(className);
        Constructor<?> constructor = Arrays.stream(type.getDeclaredConstructors())
                .max(Comparator.<Constructor<?>, Boolean>comparing(one -> one.isAnnotationPresent(Inject.class))
                        .thenComparing(one -> -one.getParameterCount()))
                .orElseThrow();
        constructor.setAccessible(true);
        Object[] arguments = Stream.of(constructor.getParameterTypes())
                .map(Mailets::collaborator)
                .toArray();
        Mailet mailet = (Mailet) constructor.newInstance(arguments);
        FakeMailetConfig.Builder config =
                FakeMailetConfig.builder().mailetName(type.getSimpleName()).mailetContext(context);
        for (int i = 0; i < parameters.size(); i += 2) {
            config.setProperty(parameters.get(i), parameters.get(i + 1));
        }
        mailet.init(config.build());
        return mailet;
    }

    /** What becomes of a mail that a mailet sends. */
    @FunctionalInterface
    interface Sending {
        void send(Mail mail) throws Exception;
    }

    /** As {@code context}, but whole mails go to {@code sending}, as they would go to the queue. */
    static MailetContext capturing(FakeMailContext context, Sending sending) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("sendMail") && arguments[0] instanceof Mail mail) {
                sending.send(mail);
                return null;
            }
            return method.invoke(context, arguments);
        };
        return (MailetContext)
                Proxy.newProxyInstance(Mailets.class.getClassLoader(), new Class<?>[] {MailetContext.class}, handler);
    }

    private static Object collaborator(Class<?> type) {
        if (type == MetricFactory.class) {
            return new RecordingMetricFactory();
        }
        if (type == Clock.class) {
            return Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        }
        if (type == DsnSettings.class) {
            return new DsnSettings("mx.example.org", "postmaster@example.org", Locale.ENGLISH, 50_000);
        }
        InvocationHandler nothing = (proxy, method, arguments) -> nothing(method.getReturnType());
        return Proxy.newProxyInstance(Mailets.class.getClassLoader(), new Class<?>[] {type}, nothing);
    }

    private static Object nothing(Class<?> type) {
        if (type == boolean.class) {
            return false;
        } else if (type == String.class) {
            return "text";
        } else if (type == Optional.class) {
            return Optional.empty();
        } else if (type == List.class || type == Collection.class) {
            return List.of();
        } else if (type == Set.class) {
            return Set.of();
        } else if (type == InetAddress.class) {
            return InetAddress.getLoopbackAddress();
        } else if (type == Username.class) {
            return Username.of("bob@example.org");
        }
        return null;
    }
}
