package org.relais.access.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/**
 * The server's certificate and key (PEM files), reloadable while sessions run.
 *
 * <p>TLS 1.2 and 1.3 only. {@link #reload()} reads both files and swaps them at once for new handshakes; a file that
 * cannot be used leaves the former in force. Sessions that are open keep theirs. Safe for use by many threads.
 */
public final class TlsContext {
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);

    private final Path certificateChain;
    private final Path key;
    private volatile SslContext current;

    /**
     * @param certificateChain the server's certificate first, then those that lead to its authority
     * @param key PKCS#8, not encrypted
     * @throws IOException says which file cannot be used
     */
    public TlsContext(Path certificateChain, Path key) throws IOException {
        this.certificateChain = certificateChain;
        this.key = key;
        this.current = load(certificateChain, key);
    }

    public void reload() throws IOException {
        current = load(certificateChain, key);
    }

    /** A handler for one connection of a client. */
    public SslHandler newHandler(ByteBufAllocator allocator) {
        SslHandler handler = current.newHandler(allocator);
        handler.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT.toMillis());
        return handler;
    }

    private static SslContext load(Path certificateChain, Path key) throws IOException {
        for (Path file : new Path[] {certificateChain, key}) {
            if (!Files.isReadable(file)) {
                throw new IOException("TLS: " + file + " is missing or cannot be read");
            }
        }
        try {
            return SslContextBuilder.forServer(PemFiles.privateKey(key), PemFiles.certificates(certificateChain))
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (GeneralSecurityException | SSLException | IllegalArgumentException e) {
            throw new IOException("TLS: " + certificateChain + " and " + key + " cannot be used: " + e.getMessage(), e);
        }
    }
}
