package org.relais.chain.james;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Copies of a spool's files at one moment while it is open: what a kill at that moment leaves. */
final class SpoolCopies {
    private SpoolCopies() {}

    static Path copyOf(Path spool, Path to) throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            Path copy = Files.createTempDirectory(to, "copy");
            try {
                Map<Path, Long> before = sizes(spool);
                copy(spool, copy);
                if (sizes(spool).equals(before)) {
                    return copy;
                }
            } catch (NoSuchFileException e) {
                continue; // a file went away meanwhile: this was not one moment
            }
        }
        throw new IOException("the spool's files do not keep still");
    }

    private static void copy(Path spool, Path copy) throws IOException {
        try (var files = Files.walk(spool)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(spool.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static Map<Path, Long> sizes(Path spool) throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        try (var files = Files.walk(spool)) {
            for (Path file : files.toList()) {
                sizes.put(file, Files.isDirectory(file) ? -1 : Files.size(file));
            }
        }
        return sizes;
    }
}
