package org.relais.access.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsContextTest {
    @TempDir
    Path directory;

    @Test
    void namesTheFileThatIsMissing() {
        assertThatThrownBy(() -> new TlsContext(directory.resolve("cert.pem"), directory.resolve("key.pem")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cert.pem");
    }

    @Test
    void keepsTheFormerCertificateWhenTheNewOneCannotBeUsed() throws Exception {
        TlsContext tls = Certificate.write(directory, "mx.example.org");
        Files.writeString(directory.resolve("key.pem"), "no key");

        assertThatThrownBy(tls::reload).isInstanceOf(IOException.class).hasMessageContaining("key.pem");
        assertThatCode(() -> tls.newHandler(UnpooledByteBufAllocator.DEFAULT)).doesNotThrowAnyException();
    }

    @Test
    void offersTls12And13Only() throws Exception {
        TlsContext tls = Certificate.write(directory, "mx.example.org");

        var protocols =
                tls.newHandler(UnpooledByteBufAllocator.DEFAULT).engine().getEnabledProtocols();

        assertThat(protocols).containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
    }
}
