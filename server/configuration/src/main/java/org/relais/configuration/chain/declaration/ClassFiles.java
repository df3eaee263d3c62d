package org.relais.configuration.chain.declaration;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.relais.configuration.Finding;

/**
 * Finds class files by name, on the class path and in the jars of {@code conf/extensions}, without loading a class. The
 * class path comes first, as it does when the chain runs. Nothing is listed unless somebody asks for a list.
 *
 * <p>A jar that cannot be read is a finding, not an exception. Bounded: the first 200 jars, class files of at most
 * 4 MiB. One thread; close it, or the jars stay open.
 */
final class ClassFiles implements Closeable {
    private static final int MAX_JARS = 200;
    private static final int MAX_CLASS_FILE = 4 * 1024 * 1024;
    private static final String SUFFIX = ".class";

    private final ClassLoader classPath;
    private final List<JarFile> jars = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Optional<ClassFacts>> known = new HashMap<>();

    ClassFiles(ClassLoader classPath, Path extensions) {
        this.classPath = classPath;
        openJars(extensions);
    }

    /** What is wrong with the jars and with class files met so far. */
    List<Finding> findings() {
        return List.copyOf(findings);
    }

    Optional<ClassFacts> find(String className) {
        return known.computeIfAbsent(className.replace('.', '/'), this::load);
    }

    /** Whether one of the extension jars holds the class. */
    boolean isExtension(String className) {
        String entry = className.replace('.', '/') + SUFFIX;
        return jars.stream().anyMatch(jar -> jar.getJarEntry(entry) != null);
    }

    /** The classes in the extension jars, nested ones left out, in order. */
    List<String> extensionClasses() {
        TreeSet<String> names = new TreeSet<>();
        for (JarFile jar : jars) {
            jar.stream().map(JarEntry::getName).flatMap(ClassFiles::className).forEach(names::add);
        }
        return List.copyOf(names);
    }

    /** The classes of a package and those below it that are on the class path, nested ones left out, in order. */
    List<String> classesBelow(String packageName) {
        String folder = packageName.replace('.', '/');
        TreeSet<String> names = new TreeSet<>();
        try {
            for (URL place : Collections.list(classPath.getResources(folder))) {
                names.addAll(classesAt(place, folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the class path cannot be read", e);
        }
        return List.copyOf(names);
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        for (JarFile jar : jars) {
            try {
                jar.close();
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void openJars(Path extensions) {
        if (!Files.isDirectory(extensions)) {
            return;
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(extensions, "*.jar")) {
            stream.forEach(files::add);
        } catch (IOException e) {
            findings.add(Finding.error(
                    Finding.nameOf(extensions),
                    1,
                    "the folder cannot be listed: " + e.getMessage(),
                    "make it readable for the user who runs relais"));
        }
        Collections.sort(files);
        for (Path file : files) {
            if (jars.size() == MAX_JARS) {
                findings.add(Finding.error(
                        Finding.nameOf(extensions), 1, "it holds more than " + MAX_JARS + " jars", "remove some"));
                return;
            }
            try {
                jars.add(new JarFile(file.toFile(), false));
            } catch (IOException e) {
                findings.add(Finding.error(
                        Finding.nameOf(extensions) + "/" + file.getFileName(),
                        1,
                        "the jar cannot be read: " + e.getMessage(),
                        "build it again, or remove it"));
            }
        }
    }

    private Optional<ClassFacts> load(String internalName) {
        String entry = internalName + SUFFIX;
        try {
            Optional<byte[]> octets = onClassPath(entry);
            if (octets.isEmpty()) {
                octets = inJars(entry);
            }
            // On file systems that ignore case another class may answer.
            return octets.map(ClassFactsReader::read)
                    .filter(facts -> facts.name().equals(internalName));
        } catch (IOException | IllegalArgumentException e) {
            findings.add(Finding.error(
                    "conf/extensions",
                    1,
                    "the class " + internalName.replace('/', '.') + " cannot be read: " + e.getMessage(),
                    "compile it for Java " + Runtime.version().feature() + " or older and build its jar again"));
            return Optional.empty();
        }
    }

    private Optional<byte[]> onClassPath(String entry) throws IOException {
        try (InputStream in = classPath.getResourceAsStream(entry)) {
            return in == null ? Optional.empty() : Optional.of(in.readNBytes(MAX_CLASS_FILE));
        }
    }

    private Optional<byte[]> inJars(String entry) throws IOException {
        for (JarFile jar : jars) {
            JarEntry found = jar.getJarEntry(entry);
            if (found != null) {
                try (InputStream in = jar.getInputStream(found)) {
                    return Optional.of(in.readNBytes(MAX_CLASS_FILE));
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> classesAt(URL place, String folder) throws IOException {
        URLConnection connection = place.openConnection();
        if (connection instanceof JarURLConnection inJar) {
            inJar.setUseCaches(false);
            try (JarFile jar = inJar.getJarFile()) {
                return jar.stream()
                        .map(JarEntry::getName)
                        .filter(entry -> entry.startsWith(folder + "/"))
                        .flatMap(ClassFiles::className)
                        .toList();
            }
        }
        if (!place.getProtocol().equals("file")) {
            return List.of();
        }
        Path root = path(place.toExternalForm());
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file ->
                            folder + "/" + root.relativize(file).toString().replace('\\', '/'))
                    .flatMap(ClassFiles::className)
                    .toList();
        }
    }

    private static Path path(String url) throws IOException {
        try {
            return Path.of(new URI(url));
        } catch (URISyntaxException e) {
            throw new IOException("not a file: " + url, e);
        }
    }

    private static Stream<String> className(String entry) {
        boolean nested = entry.indexOf('$') >= 0;
        if (!entry.endsWith(SUFFIX) || nested || entry.endsWith("-info.class") || entry.startsWith("META-INF/")) {
            return Stream.empty();
        }
        return Stream.of(entry.substring(0, entry.length() - SUFFIX.length()).replace('/', '.'));
    }
}
