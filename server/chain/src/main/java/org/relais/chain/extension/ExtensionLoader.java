package org.relais.chain.extension;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classes from the jars of one folder, by their full or short names.
 *
 * <p>All jars share one class loader that asks the relay's own classes first. The folder is read once; a missing folder
 * is an empty one. Nothing is loaded before it is asked for. Safe for many threads.
 */
public final class ExtensionLoader implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExtensionLoader.class);
    private static final String CLASS = ".class";

    private final URLClassLoader classes;
    private final Map<String, TreeSet<String>> fullNames;

    private ExtensionLoader(URLClassLoader classes, Map<String, TreeSet<String>> fullNames) {
        this.classes = classes;
        this.fullNames = fullNames;
    }

    /**
     * Reads the names of the classes in {@code folder/*.jar}.
     *
     * @throws IOException naming the jar that cannot be read
     */
    public static ExtensionLoader of(Path folder, ClassLoader relay) throws IOException {
        List<Path> jars = jars(folder);
        Map<String, TreeSet<String>> fullNames = new HashMap<>();
        for (Path jar : jars) {
            readNames(jar, fullNames);
            LOGGER.info("extension {}", jar.getFileName());
        }
        URL[] urls = jars.stream().map(ExtensionLoader::url).toArray(URL[]::new);
        return new ExtensionLoader(new URLClassLoader("extensions", urls, relay), fullNames);
    }

    /** The class loader of the extensions; asks the relay's first. */
    public ClassLoader classLoader() {
        return classes;
    }

    /** The full names of extension classes whose short name is {@code shortName}, in alphabetical order. */
    public List<String> fullNames(String shortName) {
        return List.copyOf(fullNames.getOrDefault(shortName, new TreeSet<>()));
    }

    @Override
    public void close() throws IOException {
        classes.close();
    }

    private static List<Path> jars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw new IOException("cannot read " + folder, e);
        }
    }

    private static void readNames(Path jar, Map<String, TreeSet<String>> fullNames) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            List<String> names = new ArrayList<>();
            file.stream()
                    .map(entry -> entry.getName())
                    .filter(ExtensionLoader::isTopLevelClass)
                    .forEach(names::add);
            for (String name : names) {
                String full = name.substring(0, name.length() - CLASS.length()).replace('/', '.');
                String shortName = full.substring(full.lastIndexOf('.') + 1);
                fullNames.computeIfAbsent(shortName, any -> new TreeSet<>()).add(full);
            }
        } catch (IOException e) {
            throw new IOException("cannot read the extension " + jar + ": " + e.getMessage(), e);
        }
    }

    private static boolean isTopLevelClass(String entry) {
        return entry.endsWith(CLASS)
                && !entry.startsWith("META-INF/")
                && !entry.contains("$")
                && !entry.endsWith("package-info.class")
                && !entry.endsWith("module-info.class");
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("not a file: " + jar, e);
        }
    }
}
