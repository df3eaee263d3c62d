package org.relais.administration.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The file in a home's data directory that says where its running server's administration listens: one line, address,
 * space, port. It is there from the start of the listener to its end; after a crash it stays, and names nobody or, what
 * the home's lock tells, somebody else. It saves a command the reading of relais.xml, and is right for port 0 too.
 */
public record EndpointFile(Path path) {
    /** The file of the home whose data directory this is. */
    public static EndpointFile in(Path dataDirectory) {
        return new EndpointFile(dataDirectory.resolve("administration.address"));
    }

    /** Replaces the file in one step; mode 0600. */
    public void write(InetSocketAddress address) throws IOException {
        var parent = path.toAbsolutePath().getParent();
        var written = Files.createTempFile(
                parent,
                ".administration",
                null,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(written, address.getAddress().getHostAddress() + " " + address.getPort() + "\n");
            Files.move(written, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** Where the administration listens, or did before a crash; empty if it was stopped in order or never ran. */
    public Optional<InetSocketAddress> read() throws IOException {
        try {
            var words = Files.readString(path).strip().split(" ");
            if (words.length == 2 && words[1].matches("[0-9]{1,5}")) {
                // A literal address: no look-up is made.
                var address = new InetSocketAddress(InetAddress.getByName(words[0]), Integer.parseInt(words[1]));
                return address.getAddress().isLoopbackAddress() ? Optional.of(address) : Optional.empty();
            }
            throw new IOException("not an address and a port: " + path);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    public void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
