package org.relais.store.james;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.james.DefaultUserEntityValidator;
import org.apache.james.core.Domain;
import org.apache.james.rrt.lib.AbstractRecipientRewriteTable;
import org.apache.james.rrt.lib.RecipientRewriteTableContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.relais.store.directory.DirectoryFile;
import org.relais.store.directory.Passwords;

class DirectoryRewriteTableTest implements RecipientRewriteTableContract {
    @TempDir
    private Path home;

    private AbstractRecipientRewriteTable table;

    @BeforeEach
    @Override
    public void setUp() throws Exception {
        RecipientRewriteTableContract.super.setUp();
    }

    @AfterEach
    @Override
    public void tearDown() throws Exception {
        RecipientRewriteTableContract.super.tearDown();
    }

    @Override
    public void createRecipientRewriteTable() throws IOException {
        Path file = home.resolve("directory.json");
        Files.deleteIfExists(file);
        DirectoryFile directory = DirectoryFile.open(file);
        table = new DirectoryRewriteTable(directory);
        Passwords passwords = new Passwords(10);
        DirectoryUsersRepository users = new DirectoryUsersRepository(
                new DirectoryDomainList(directory, Domain.LOCALHOST),
                new DirectoryUsersDAO(directory, passwords),
                passwords);
        table.setUsersRepository(users);
        table.setUserEntityValidator(new DefaultUserEntityValidator(users));
    }

    @Override
    public AbstractRecipientRewriteTable virtualUserTable() {
        return table;
    }
}
