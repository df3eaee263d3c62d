package org.relais.spool.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.james.mailrepository.MailRepositoryUrlStoreContract;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.MailRepositoryUrlStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FileMailRepositoryUrlStoreContractTest implements MailRepositoryUrlStoreContract {
    @TempDir
    Path directory;

    @RegisterExtension
    final ParameterResolver stores = new ParameterResolver() {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == MailRepositoryUrlStore.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            try {
                return open();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    };

    private MailRepositoryUrlStore open() throws IOException {
        return FileMailRepositoryUrlStore.in(directory.resolve("made/urls"));
    }

    @Test
    void knowsItsUrlsAfterARestart() throws IOException {
        MailRepositoryUrl odd = MailRepositoryUrl.from("file://var/mail/\u00e9 line\nend%");
        open().add(URL_1);
        open().add(odd);

        assertThat(open().listDistinct()).containsExactly(URL_1, odd);
        assertThat(Files.list(directory.resolve("made"))).hasSize(1);
    }
}
