package org.relais.store.james;

import org.apache.james.core.Username;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.user.lib.UsersRepositoryImpl;
import org.relais.store.directory.Passwords;

/** James's users repository over the directory; an unknown user costs as much time as a wrong password. */
public final class DirectoryUsersRepository extends UsersRepositoryImpl<DirectoryUsersDAO> {
    private final Passwords passwords;

    public DirectoryUsersRepository(DomainList domains, DirectoryUsersDAO users, Passwords passwords) {
        super(domains, users);
        this.passwords = passwords;
        setEnableVirtualHosting(true);
    }

    @Override
    public boolean test(Username name, String password) {
        return passwords.isRight(usersDAO.record(name), password);
    }
}
