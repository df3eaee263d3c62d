package org.relais.spool.james;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.relais.spool.CommitMode;
import org.relais.spool.Spool;
import org.relais.spool.SpoolException;
import org.relais.spool.engine.SpoolSettings;
import org.relais.spool.log.LogSpool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spools by name, each in a directory of its own under one root, opened when first asked for and closed together. Any
 * name fits: what could mean something to a file system is written as {@code %XX}. Each open spool has two threads and
 * takes a few MiB of memory at most. Safe for use by many threads.
 */
public final class SpoolDirectories implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(SpoolDirectories.class);
    private static final int LONGEST = 200;

    private final Path root;
    private final InstantSource clock;
    private final Executor io;
    private final Map<String, Spool> open = new HashMap<>();
    private boolean isClosed;

    /**
     * @param root made when the first spool is
     * @param io writes large messages; blocks on the disk
     */
    public SpoolDirectories(Path root, InstantSource clock, Executor io) {
        this.root = root;
        this.clock = clock;
        this.io = io;
    }

    /** Those that exist. */
    public Set<String> names() throws SpoolException {
        Set<String> names = new TreeSet<>();
        if (!Files.isDirectory(root)) {
            return names;
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(root, Files::isDirectory)) {
            directories.forEach(
                    directory -> names.add(decoded(directory.getFileName().toString())));
            return names;
        } catch (IOException e) {
            throw new SpoolException.Unusable("cannot read " + root, e);
        }
    }

    /**
     * The spool of that name, which is made if there is none.
     *
     * @throws IllegalArgumentException if the name is too long
     */
    public synchronized Spool open(String name) throws SpoolException {
        if (isClosed) {
            throw new SpoolException.Closed();
        }
        Spool known = open.get(name);
        if (known != null) {
            return known;
        }
        Path directory = root.resolve(encoded(name));
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new SpoolException.Unusable("cannot make " + root, e);
        }
        Spool opened = LogSpool.open(settings(directory), clock, io);
        open.put(name, opened);
        return opened;
    }

    /** Small: there may be many of them, and little goes through each. What is removed is gone at once. */
    private static SpoolSettings settings(Path directory) {
        SpoolSettings usual = SpoolSettings.in(directory);
        return new SpoolSettings(
                directory,
                CommitMode.COMMITTER,
                usual.inlineLimit(),
                8 << 20,
                usual.quota(),
                usual.minimumFree(),
                Duration.ZERO,
                0,
                1 << 20,
                8 << 20,
                usual.commitDeadline(),
                usual.compactionRate());
    }

    static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : name.getBytes(UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", (int) c));
            }
        }
        if (encoded.isEmpty() || encoded.length() > LONGEST) {
            throw new IllegalArgumentException("a name must have 1 to " + LONGEST + " octets as a directory: " + name);
        }
        return encoded.toString();
    }

    static String decoded(String directory) {
        return URLDecoder.decode(directory.replace("+", "%2B"), UTF_8);
    }

    /** Closes all; those that cannot be closed are reported, for they recover at the next start. */
    @Override
    public synchronized void close() {
        isClosed = true;
        open.forEach((name, spool) -> {
            try {
                spool.close();
            } catch (SpoolException e) {
                LOGGER.error("the spool {} was not closed in order and will recover at the next start", name, e);
            }
        });
        open.clear();
    }
}
