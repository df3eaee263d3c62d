package org.relais.access.smtp.james;

import java.util.Optional;
import javax.inject.Inject;
import org.apache.james.core.Username;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.user.api.UsersRepositoryException;
import org.relais.access.smtp.Authenticator;

/** Checks passwords against James's users. */
public final class JamesAuthenticator implements Authenticator {
    private final UsersRepository users;

    @Inject
    public JamesAuthenticator(UsersRepository users) {
        this.users = users;
    }

    @Override
    public Optional<String> authenticate(String name, String password) {
        Username username;
        try {
            username = Username.of(name);
        } catch (IllegalArgumentException e) {
            // No user can have such a name.
            return Optional.empty();
        }
        try {
            return users.test(username, password) ? Optional.of(username.asString()) : Optional.empty();
        } catch (UsersRepositoryException e) {
            throw new IllegalStateException("the directory does not answer", e);
        }
    }
}
