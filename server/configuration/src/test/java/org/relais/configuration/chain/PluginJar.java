package org.relais.configuration.chain;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles plug-ins and packs them into a jar, as a person who writes one does. */
final class PluginJar {
    private final List<JavaFileObject> sources = new ArrayList<>();

    PluginJar with(String className, String source) {
        sources.add(
                new SimpleJavaFileObject(
                        URI.create("string:///" + className.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                });
        return this;
    }

    void writeTo(Path jar) throws IOException {
        var classes = Files.createTempDirectory(jar.getParent(), "classes");
        var compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        null,
                        null,
                        null,
                        List.of(
                                "-d",
                                classes.toString(),
                                "-proc:none",
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        sources)
                .call();
        if (!compiled) {
            throw new IllegalStateException("the plug-in does not compile");
        }
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> files = Files.walk(classes)) {
            for (Path compiledClass : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(
                        classes.relativize(compiledClass).toString().replace('\\', '/')));
                out.write(Files.readAllBytes(compiledClass));
                out.closeEntry();
            }
        }
    }
}
