package org.relais.spool.james;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.MailRepositoryUrlStore;

/**
 * The URLs of repositories in a file, one a line, URL-encoded; written anew and synced with each new one, for they are
 * few. Safe for use by many threads of one process.
 */
public final class FileMailRepositoryUrlStore implements MailRepositoryUrlStore {
    private final Path file;
    private final Set<MailRepositoryUrl> urls = new LinkedHashSet<>();

    private FileMailRepositoryUrlStore(Path file) {
        this.file = file;
    }

    /** @param file read if it is there; made, with its directory, when the first URL comes */
    public static FileMailRepositoryUrlStore in(Path file) throws IOException {
        FileMailRepositoryUrlStore store = new FileMailRepositoryUrlStore(file);
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                store.urls.add(MailRepositoryUrl.from(URLDecoder.decode(line, UTF_8)));
            }
        }
        return store;
    }

    @Override
    public synchronized void add(MailRepositoryUrl url) {
        if (urls.add(url)) {
            try {
                save();
            } catch (IOException e) {
                urls.remove(url);
                throw new UncheckedIOException("cannot write " + file, e);
            }
        }
    }

    private void save() throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a directory");
        Files.createDirectories(directory);
        Path draft = directory.resolve(file.getFileName() + ".new");
        String lines = urls.stream()
                .map(url -> URLEncoder.encode(url.asString(), UTF_8) + "\n")
                .collect(Collectors.joining());
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer left = ByteBuffer.wrap(lines.getBytes(UTF_8));
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel synced = FileChannel.open(directory, StandardOpenOption.READ)) {
            synced.force(true);
        }
    }

    @Override
    public synchronized Stream<MailRepositoryUrl> listDistinct() {
        return List.copyOf(urls).stream();
    }

    @Override
    public synchronized boolean contains(MailRepositoryUrl url) {
        return urls.contains(url);
    }
}
