package org.relais.chain.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.apache.james.mailetcontainer.impl.MailetConfigImpl;
import org.apache.mailet.Mailet;
import org.apache.mailet.MailetConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relais.chain.james.AliasingMailetLoader;
import org.relais.chain.james.ClassMailetLoader;

/** Mailets from jars that are compiled and packed here. */
class ExtensionLoaderTest {
    @TempDir
    private Path folder;

    @TempDir
    private Path workshop;

    @Test
    void findsAMailetByItsFullAndItsShortName() throws Exception {
        jar("one.jar", "com.acme", "Stamp");

        try (ExtensionLoader loader = loader()) {
            ClassMailetLoader mailets = new ClassMailetLoader(loader, ExtensionLoaderTest::instance);

            assertThat(mailets.getMailet(config("com.acme.Stamp")).getMailetInfo())
                    .isEqualTo("com.acme.Stamp");
            assertThat(mailets.getMailet(config("Stamp")).getClass().getClassLoader())
                    .isSameAs(loader.classLoader());
        }
    }

    @Test
    void jarsSeeEachOtherAndTheRelayGoesFirst() throws Exception {
        jar("a.jar", "com.acme", "Stamp");
        jar("b.jar", "org.apache.james.transport.mailets", "Null");

        try (ExtensionLoader loader = loader()) {
            ClassNames names = new ClassNames(List.of("org.apache.james.transport.mailets"), loader);

            assertThat(names.find("Null").getClassLoader()).isNotSameAs(loader.classLoader());
            assertThat(loader.classLoader().loadClass("com.acme.Stamp")).isSameAs(names.find("Stamp"));
        }
    }

    @Test
    void findsAClassBelowAPackageThatIsLeftOut() throws Exception {
        try (ExtensionLoader loader = loader()) {
            ClassNames names = new ClassNames(List.of("org.apache.james.transport.mailets"), loader);

            assertThat(names.find("debug.Counter").getName())
                    .isEqualTo("org.apache.james.transport.mailets.debug.Counter");
        }
    }

    @Test
    void saysWhenAShortNameIsNotTheOnlyOne() throws Exception {
        jar("one.jar", "com.acme", "Stamp");
        jar("two.jar", "net.emca", "Stamp");

        try (ExtensionLoader loader = loader()) {
            ClassNames names = new ClassNames(List.of(), loader);

            assertThatThrownBy(() -> names.find("Stamp"))
                    .isInstanceOf(ClassNotFoundException.class)
                    .hasMessageContainingAll("com.acme.Stamp", "net.emca.Stamp");
            assertThat(names.find("net.emca.Stamp")).isNotNull();
        }
    }

    @Test
    void namesTheJarThatIsNone() throws Exception {
        Files.writeString(folder.resolve("broken.jar"), "not a jar");

        assertThatThrownBy(this::loader).isInstanceOf(IOException.class).hasMessageContaining("broken.jar");
    }

    @Test
    void aMissingFolderIsAnEmptyOne() throws Exception {
        try (ExtensionLoader loader =
                ExtensionLoader.of(folder.resolve("none"), getClass().getClassLoader())) {
            assertThat(loader.fullNames("Stamp")).isEmpty();
        }
    }

    @Test
    void refusesAClassThatIsNoMailet() throws Exception {
        try (ExtensionLoader loader = loader()) {
            ClassMailetLoader mailets = new ClassMailetLoader(loader, ExtensionLoaderTest::instance);

            assertThatThrownBy(() -> mailets.getMailet(config("java.lang.Object")))
                    .hasMessageContaining("java.lang.Object is not a Mailet");
        }
    }

    @Test
    void stockNamesStandForOurs() throws Exception {
        AliasingMailetLoader loader = new AliasingMailetLoader(asked -> named(asked.getMailetName()));

        assertThat(List.of(
                        name(loader, "RemoteDelivery"),
                        name(loader, "org.apache.james.transport.mailets.LocalDelivery"),
                        name(loader, "Forward"),
                        name(loader, "DSNBounce"),
                        name(loader, "org.apache.james.transport.mailets.DSNBounce"),
                        name(loader, "Null")))
                .containsExactly(
                        "org.relais.mailets.delivery.RelayDelivery",
                        "org.relais.mailets.delivery.MailboxDelivery",
                        "org.relais.mailets.rewriting.Forward",
                        "org.relais.mailets.delivery.DSNBounce",
                        "org.relais.mailets.delivery.DSNBounce",
                        "Null");
    }

    private static String name(AliasingMailetLoader loader, String name) throws Exception {
        return loader.getMailet(config(name)).getMailetInfo();
    }

    private static Mailet named(String name) {
        return new org.apache.mailet.base.GenericMailet() {
            @Override
            public void service(org.apache.mailet.Mail mail) {}

            @Override
            public String getMailetInfo() {
                return name;
            }
        };
    }

    private ExtensionLoader loader() throws IOException {
        return ExtensionLoader.of(folder, getClass().getClassLoader());
    }

    private static MailetConfig config(String name) {
        MailetConfigImpl config = new MailetConfigImpl();
        config.setMailetName(name);
        return config;
    }

    private static Object instance(Class<?> type) {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void jar(String jar, String packageName, String className) throws IOException {
        Path source = workshop.resolve(jar).resolve(className + ".java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, """
                package %s;
                public class %s extends org.apache.mailet.base.GenericMailet {
                    public void service(org.apache.mailet.Mail mail) {}
                    public String getMailetInfo() { return getClass().getName(); }
                    static class Inner {}
                }
                """.formatted(packageName, className));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        source.getParent().toString(),
                        source.toString());
        assertThat(result).isZero();
        String entry = packageName.replace('.', '/') + "/" + className + ".class";
        try (OutputStream out = Files.newOutputStream(folder.resolve(jar));
                JarOutputStream packed = new JarOutputStream(out)) {
            packed.putNextEntry(new JarEntry(entry));
            packed.write(Files.readAllBytes(source.getParent().resolve(entry)));
            packed.closeEntry();
        }
    }
}
