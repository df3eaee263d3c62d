package org.relais.store.james;

import java.util.Optional;
import org.apache.james.core.Username;
import org.apache.james.user.api.model.User;
import org.relais.store.directory.Passwords;

/** One user and the password record it was read with, or given since. For use by one thread. */
final class DirectoryUser implements User {
    private final Username name;
    private final Passwords passwords;
    private String record;

    DirectoryUser(Username name, String record, Passwords passwords) {
        this.name = name;
        this.record = record;
        this.passwords = passwords;
    }

    @Override
    public Username getUserName() {
        return name;
    }

    @Override
    public boolean verifyPassword(String password) {
        return passwords.isRight(Optional.of(record), password);
    }

    @Override
    public boolean setPassword(String password) {
        record = passwords.newRecord(password);
        return true;
    }

    String record() {
        return record;
    }
}
