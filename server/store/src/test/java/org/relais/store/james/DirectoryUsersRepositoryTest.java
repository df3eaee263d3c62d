package org.relais.store.james;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.core.Username;
import org.apache.james.user.lib.UsersRepositoryContract;
import org.apache.james.user.lib.UsersRepositoryImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.relais.store.directory.DirectoryFile;
import org.relais.store.directory.Passwords;

class DirectoryUsersRepositoryTest implements UsersRepositoryContract.WithVirtualHostingContract {
    @RegisterExtension
    private final UserRepositoryExtension extension = UserRepositoryExtension.withVirtualHost();

    @TempDir
    private Path home;

    private TestSystem system;
    private UsersRepositoryImpl<DirectoryUsersDAO> users;

    @BeforeEach
    void open(TestSystem testSystem) throws Exception {
        system = testSystem;
        users = testee(Optional.empty());
    }

    @Override
    public UsersRepositoryImpl<?> testee() {
        return users;
    }

    @Override
    public UsersRepositoryImpl<DirectoryUsersDAO> testee(Optional<Username> administrator) throws Exception {
        Passwords passwords = new Passwords(10);
        BaseHierarchicalConfiguration configuration = new BaseHierarchicalConfiguration();
        administrator.ifPresent(name -> configuration.addProperty("administratorId", name.asString()));
        UsersRepositoryImpl<DirectoryUsersDAO> repository = new DirectoryUsersRepository(
                system.getDomainList(), new DirectoryUsersDAO(directory(), passwords), passwords);
        repository.configure(configuration);
        return repository;
    }

    private DirectoryFile directory() throws IOException {
        return DirectoryFile.open(home.resolve("directory.json"));
    }
}
