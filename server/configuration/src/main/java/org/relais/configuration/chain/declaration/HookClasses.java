package org.relais.configuration.chain.declaration;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.relais.configuration.Finding;
import org.relais.configuration.xml.NearestName;

/**
 * Finds what the names of hooks stand for, by their class files: James's and those of plug-ins. No class is loaded. One
 * thread; close it.
 */
public final class HookClasses implements Closeable {
    /** Where short names are looked for, in this order, before the plug-ins' jars. */
    public static final List<String> PACKAGES = List.of(
            "org.apache.james.smtpserver.fastfail",
            "org.apache.james.smtpserver",
            "org.apache.james.protocols.smtp.core.fastfail",
            "org.apache.james.protocols.smtp.core");

    private static final String HOOKS = "org/apache/james/protocols/smtp/hook/";
    private static final Set<String> KINDS = Set.of(
            "org/apache/james/protocols/api/handler/ConnectHandler",
            "org/apache/james/smtpserver/JamesMessageHook",
            HOOKS + "HeloHook",
            HOOKS + "MailHook",
            HOOKS + "MailParametersHook",
            HOOKS + "RcptHook",
            HOOKS + "AuthHook",
            HOOKS + "QuitHook",
            HOOKS + "UnknownHook",
            HOOKS + "MessageHook");
    private static final String LINE_HANDLER = "org/apache/james/protocols/api/handler/LineHandler";
    private static final String DATA_LINE_FILTER = "org/apache/james/protocols/smtp/core/DataLineFilter";

    private static final String NO_DSN = "DSN (RFC 3461) is built in; delete it";
    private static final String NO_DELAY = "release at a later time is not part of this version; delete it";
    /** James's hooks that cannot do here what they are for, and what to do instead. */
    private static final Map<String, String> UNSUPPORTED = Map.ofEntries(
            Map.entry(
                    "org.apache.james.smtpserver.fastfail.JDBCGreylistHandler",
                    "it needs a JDBC data source, and Relais has none; delete it"),
            Map.entry(
                    "org.apache.james.smtpserver.SendMailHandler",
                    "Relais itself puts accepted mail into the spool; delete it"),
            Map.entry(
                    "org.apache.james.smtpserver.POP3BeforeSMTPHandler",
                    "POP before SMTP is not part of this version; clients log in, or stand in <relayFrom>"),
            Map.entry(
                    "org.apache.james.smtpserver.JamesWelcomeMessageHandler",
                    "the greeting is Relais's own; delete it"),
            Map.entry(
                    "org.apache.james.protocols.smtp.core.WelcomeMessageHandler",
                    "the greeting is Relais's own; delete it"),
            Map.entry("org.apache.james.smtpserver.dsn.DSNEhloHook", NO_DSN),
            Map.entry("org.apache.james.smtpserver.dsn.DSNMailParameterHook", NO_DSN),
            Map.entry("org.apache.james.smtpserver.dsn.DSNRcptParameterHook", NO_DSN),
            Map.entry("org.apache.james.smtpserver.dsn.DSNMessageHook", NO_DSN),
            Map.entry("org.apache.james.smtpserver.futurerelease.FutureReleaseEHLOHook", NO_DELAY),
            Map.entry("org.apache.james.smtpserver.futurerelease.FutureReleaseMailParameterHook", NO_DELAY));

    private final ClassFiles classes;

    public HookClasses(ClassLoader classPath, Path extensions) {
        this.classes = new ClassFiles(classPath, extensions);
    }

    /** The full name of the class that {@code name} stands for. */
    public Resolution<String> resolve(String name) {
        Optional<String> unsupported = UNSUPPORTED.keySet().stream()
                .filter(full -> full.equals(name) || simple(full).equals(name))
                .sorted()
                .findFirst();
        if (unsupported.isPresent()) {
            return new Resolution.Rejected<>(
                    "the hook " + name + " is not part of Relais", String.valueOf(UNSUPPORTED.get(unsupported.get())));
        }
        for (String candidate : candidates(name)) {
            Optional<ClassFacts> found = classes.find(candidate);
            if (found.isPresent()) {
                return judge(found.get());
            }
        }
        List<String> plugIns = classes.extensionClasses().stream()
                .filter(full -> simple(full).equals(name))
                .toList();
        if (plugIns.size() > 1) {
            return new Resolution.Rejected<>(
                    "the hook " + name + " may be any of " + String.join(", ", plugIns),
                    "write the class name in full");
        }
        return plugIns.stream()
                .flatMap(full -> classes.find(full).stream())
                .findFirst()
                .map(this::judge)
                .orElseGet(() -> unknown(name));
    }

    /** What is wrong with the extension jars and the class files that were met. */
    public List<Finding> findings() {
        return classes.findings();
    }

    @Override
    public void close() throws IOException {
        classes.close();
    }

    private static List<String> candidates(String name) {
        return Stream.concat(
                        name.contains(".") ? Stream.of(name) : Stream.empty(),
                        PACKAGES.stream().map(prefix -> prefix + "." + name))
                .toList();
    }

    private Resolution<String> judge(ClassFacts facts) {
        Set<String> above = new HashSet<>();
        List<String> missing = new ArrayList<>();
        climb(facts, above, missing);
        String name = facts.className();
        if (above.contains(LINE_HANDLER) || above.contains(DATA_LINE_FILTER)) {
            return new Resolution.Rejected<>(
                    name + " is a " + (above.contains(DATA_LINE_FILTER) ? "DataLineFilter" : "LineHandler")
                            + ", which is not supported: Relais reads content as bytes",
                    "use a MessageHook or a mailet");
        }
        if (above.stream().noneMatch(KINDS::contains)) {
            return new Resolution.Rejected<>(
                    missing.isEmpty()
                            ? name + " is not a hook"
                            : name + " stands on " + missing.get(0)
                                    + ", which is neither on the class path nor in conf/extensions",
                    "name a class that is one of James's SMTP hooks; the commands themselves are Relais's own");
        }
        if (facts.feature() > Runtime.version().feature()) {
            return new Resolution.Rejected<>(
                    name + " is compiled for Java " + facts.feature() + ", and Java "
                            + Runtime.version().feature() + " runs here",
                    "compile it for Java " + Runtime.version().feature() + " or older");
        }
        return facts.concrete()
                ? new Resolution.Found<>(name)
                : new Resolution.Rejected<>(name + " is abstract and cannot run", "name a class that stands on it");
    }

    /** Collects the class itself and all that it extends and implements. */
    private void climb(ClassFacts facts, Set<String> above, List<String> missing) {
        if (!above.add(facts.name())) {
            return;
        }
        List<String> next = new ArrayList<>(facts.interfaces());
        if (!facts.superName().isEmpty() && !facts.superName().startsWith("java/")) {
            next.add(facts.superName());
        }
        for (String name : next) {
            if (name.startsWith("java/")) {
                continue;
            }
            Optional<ClassFacts> found = classes.find(name);
            if (found.isPresent()) {
                climb(found.get(), above, missing);
            } else {
                missing.add(name.replace('/', '.'));
            }
        }
    }

    private Resolution<String> unknown(String name) {
        List<String> known = Stream.concat(
                        classes.classesBelow(PACKAGES.get(0)).stream(), classes.extensionClasses().stream())
                .filter(full -> classes.find(full)
                        .map(this::judge)
                        .filter(Resolution.Found.class::isInstance)
                        .isPresent())
                .toList();
        Optional<String> nearest = NearestName.of(
                simple(name), known.stream().map(HookClasses::simple).toList());
        return new Resolution.Rejected<>(
                "no class " + name + " here or in conf/extensions",
                nearest.map(near -> "did you mean " + near + "?")
                        .orElse("write the class name in full; a plug-in's jar belongs into conf/extensions"));
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
