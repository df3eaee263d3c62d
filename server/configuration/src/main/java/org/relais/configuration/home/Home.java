package org.relais.configuration.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The folder that holds all of one relay: {@code conf/}, {@code data/}, {@code log/}. Nothing is written outside it.
 *
 * <p>{@link #open} only reads, so that the configuration of a home that is read-only can be checked;
 * {@link #requireWritable} is for who runs it. Immutable.
 */
public final class Home {
    /** How the folders are laid out; another number is another layout, which this version does not know. */
    public static final int VERSION = 1;

    private static final String VERSION_FILE = "data/version";

    private final Path root;

    private Home(Path root) {
        this.root = root;
    }

    /** Opens an existing home of this version. */
    public static Home open(Path folder) throws HomeException {
        Path root = folder.toAbsolutePath().normalize();
        if (!Files.exists(root)) {
            throw new HomeException("there is no home at " + root, "make one: relais init --home " + folder);
        }
        if (!Files.isDirectory(root)) {
            throw new HomeException(root + " is a file, not a home", "name a folder: --home DIR");
        }
        String version = version(root, folder);
        if (!version.equals(Integer.toString(VERSION))) {
            throw new HomeException(
                    root + " is a home of version '" + version + "'; this Relais knows version " + VERSION,
                    "start it with the Relais that made it, or make another home: relais init --home OTHER");
        }
        return new Home(root);
    }

    private static String version(Path root, Path asNamed) throws HomeException {
        try {
            return Files.readString(root.resolve(VERSION_FILE), StandardCharsets.ISO_8859_1)
                    .strip()
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (NoSuchFileException e) {
            throw new HomeException(
                    root + " is not a home: it has no " + VERSION_FILE,
                    "name another folder, or make a home in one that does not exist: relais init --home DIR",
                    e);
        } catch (IOException e) {
            throw new HomeException(
                    root + " cannot be read: " + e.getMessage(), "run relais as the user who owns " + asNamed, e);
        }
    }

    /** Makes sure that a relay can run here: the data and log folders take files. Makes those that are missing. */
    public void requireWritable() throws HomeException {
        for (Path folder : new Path[] {data(), temporary(), log()}) {
            try {
                Files.createDirectories(folder);
                // Tried, as modes tell nothing about read-only file systems, quotas or the superuser.
                Files.delete(Files.createTempFile(folder, ".writable", null));
            } catch (IOException e) {
                throw new HomeException(
                        "nothing can be written into " + folder + " ("
                                + e.getClass().getSimpleName() + ")",
                        "make it writable for the user who runs relais, on a file system that is not read-only or full",
                        e);
            }
        }
    }

    public Path root() {
        return root;
    }

    public Path conf() {
        return root.resolve("conf");
    }

    /** The machine side of the configuration. */
    public Path relaisXml() {
        return conf().resolve("relais.xml");
    }

    /** The chains of mailets. */
    public Path chainXml() {
        return conf().resolve("mailetcontainer.xml");
    }

    /** Jars with mailets and matchers. */
    public Path extensions() {
        return conf().resolve("extensions");
    }

    /** Keys that sign mail. */
    public Path dkim() {
        return conf().resolve("dkim");
    }

    public Path data() {
        return root.resolve("data");
    }

    /** For files that live no longer than what works on them: {@code java.io.tmpdir} of the server. */
    public Path temporary() {
        return data().resolve("tmp");
    }

    public Path log() {
        return root.resolve("log");
    }

    /** What the command line proves itself with; mode 0600. */
    public Path tokenFile() {
        return data().resolve("administration.token");
    }

    Path lockFile() {
        return data().resolve("lock");
    }

    /** The administration token. Never log it. */
    public String token() throws HomeException {
        try {
            String token =
                    Files.readString(tokenFile(), StandardCharsets.US_ASCII).strip();
            if (token.isEmpty()) {
                throw new HomeException(
                        "the administration token " + tokenFile() + " is empty",
                        "write 64 random hexadecimal digits into it, mode 0600");
            }
            return token;
        } catch (IOException e) {
            throw new HomeException(
                    "the administration token " + tokenFile() + " cannot be read",
                    "run this as the user who owns the home",
                    e);
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
