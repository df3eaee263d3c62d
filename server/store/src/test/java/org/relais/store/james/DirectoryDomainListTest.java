package org.relais.store.james;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.james.core.Domain;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.lib.DomainListContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.relais.store.directory.DirectoryFile;

class DirectoryDomainListTest implements DomainListContract {
    @TempDir
    private Path home;

    private DomainList domains;

    @BeforeEach
    void open() throws IOException {
        domains = new DirectoryDomainList(DirectoryFile.open(home.resolve("directory.json")), Domain.LOCALHOST);
    }

    @Override
    public DomainList domainList() {
        return domains;
    }
}
