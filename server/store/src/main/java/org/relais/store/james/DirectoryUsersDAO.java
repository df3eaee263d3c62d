package org.relais.store.james;

import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.james.core.Username;
import org.apache.james.user.api.AlreadyExistInUsersRepositoryException;
import org.apache.james.user.api.UsersRepositoryException;
import org.apache.james.user.api.model.User;
import org.apache.james.user.lib.UsersDAO;
import org.reactivestreams.Publisher;
import org.relais.store.directory.DirectoryContent;
import org.relais.store.directory.DirectoryFile;
import org.relais.store.directory.Passwords;
import reactor.core.publisher.Mono;

/** Users of the directory as James asks for them; every question is answered from memory. Safe for many threads. */
public final class DirectoryUsersDAO implements UsersDAO {
    private final DirectoryFile directory;
    private final Passwords passwords;

    public DirectoryUsersDAO(DirectoryFile directory, Passwords passwords) {
        this.directory = directory;
        this.passwords = passwords;
    }

    @Override
    public boolean getDefaultVirtualHostingValue() {
        return true;
    }

    @Override
    public Optional<User> getUserByName(Username name) {
        return record(name).map(record -> new DirectoryUser(name, record, passwords));
    }

    /** The password record of {@code name}, if there is such a user. */
    Optional<String> record(Username name) {
        return Optional.ofNullable(directory.content().passwords().get(name.asString()));
    }

    @Override
    public void updateUser(User user) throws UsersRepositoryException {
        String name = user.getUserName().asString();
        if (!(user instanceof DirectoryUser changed)) {
            throw new UsersRepositoryException("user " + name + " did not come from this directory");
        }
        if (!contains(user.getUserName())) {
            throw new UsersRepositoryException("there is no user " + name);
        }
        write(content -> content.withPassword(name, changed.record()));
    }

    @Override
    public void addUser(Username username, String password) throws UsersRepositoryException {
        if (contains(username)) {
            throw new AlreadyExistInUsersRepositoryException("User " + username.asString() + " already exists");
        }
        String record = passwords.newRecord(password);
        write(content -> content.withPassword(username.asString(), record));
    }

    @Override
    public void removeUser(Username name) throws UsersRepositoryException {
        if (!contains(name)) {
            throw new UsersRepositoryException("there is no user " + name.asString());
        }
        write(content -> content.withoutUser(name.asString()));
    }

    private void write(UnaryOperator<DirectoryContent> change) throws UsersRepositoryException {
        try {
            directory.update(change);
        } catch (IOException e) {
            throw new UsersRepositoryException("cannot write the directory: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean contains(Username name) {
        return directory.content().passwords().containsKey(name.asString());
    }

    @Override
    public Publisher<Boolean> containsReactive(Username name) {
        return Mono.fromCallable(() -> contains(name));
    }

    @Override
    public int countUsers() {
        return directory.content().passwords().size();
    }

    @Override
    public Iterator<Username> list() {
        return directory.content().passwords().keySet().stream()
                .map(Username::of)
                .iterator();
    }
}
