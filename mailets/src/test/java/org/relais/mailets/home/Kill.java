package org.relais.mailets.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;
import org.relais.spool.Changes;
import org.relais.spool.Receipt;

/** The files of a home at one moment, which is what a kill at that moment leaves: taken once, around a chosen commit. */
final class Kill {
    private final Path copies;
    private final boolean isBefore;
    private final Predicate<Changes> at;
    private volatile Path taken;

    private Kill(Path copies, boolean isBefore, Predicate<Changes> at) {
        this.copies = copies;
        this.isBefore = isBefore;
        this.at = at;
    }

    /** @param moment {@code before} or {@code after} the first commit that is {@code at} */
    static Kill at(Path copies, String moment, Predicate<Changes> at) {
        return new Kill(copies, moment.equals("before"), at);
    }

    static Kill none(Path copies) {
        return new Kill(copies, false, changes -> false);
    }

    Path taken() {
        if (taken == null) {
            Assertions.fail("the moment of the kill did not come");
        }
        return taken;
    }

    /** At this very moment. */
    synchronized void now(Path home) {
        taken = copyOf(home);
    }

    synchronized CompletionStage<Receipt> around(
            Path home, Changes changes, Supplier<CompletionStage<Receipt>> commit) {
        boolean isHere = taken == null && at.test(changes);
        if (isHere && isBefore) {
            taken = copyOf(home);
        }
        CompletionStage<Receipt> committed = commit.get();
        if (isHere && !isBefore) {
            committed.toCompletableFuture().join();
            taken = copyOf(home);
        }
        return committed;
    }

    private Path copyOf(Path home) {
        try {
            for (int attempt = 0; attempt < 100; attempt++) {
                Path copy = Files.createTempDirectory(copies, "killed");
                try {
                    Map<Path, Long> before = sizes(home);
                    copy(home, copy);
                    if (sizes(home).equals(before)) {
                        return copy;
                    }
                } catch (NoSuchFileException e) {
                    continue; // a file went away meanwhile: this was not one moment
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot copy " + home, e);
        }
        throw new IllegalStateException("the files of " + home + " do not keep still");
    }

    private static void copy(Path home, Path copy) throws IOException {
        try (var files = Files.walk(home)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(home.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static Map<Path, Long> sizes(Path home) throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        try (var files = Files.walk(home)) {
            for (Path file : files.toList()) {
                sizes.put(file, Files.isDirectory(file) ? -1 : Files.size(file));
            }
        }
        return sizes;
    }
}
