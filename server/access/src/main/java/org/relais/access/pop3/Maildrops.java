package org.relais.access.pop3;

import java.io.IOException;
import java.util.Optional;

/** Where POP3 finds users and their mail. May block; safe for use by many threads. */
public interface Maildrops {

    /**
     * Empty if the password is wrong or there is no such user.
     *
     * @throws IOException it cannot be told now
     */
    Optional<Account> authenticate(String user, String password) throws IOException;

    /** A user who has proved to be who he is. */
    interface Account {

        /** The one name of the maildrop, however the user has spelt his. */
        String maildrop();

        /** A view of the mails that are there now. */
        Maildrop open() throws IOException;
    }
}
