package org.relais.administration.port;

import java.util.List;

/** The users. Calls block; any thread. A change holds for the next login and the next RCPT. */
public interface UserAdministration {
    /** What becomes of a removed user's mailboxes. */
    enum Mailboxes {
        /** They stay, and are there again if the user is added again. */
        KEPT,
        REMOVED
    }

    /** All users in alphabetical order. */
    List<MailboxAddress> list() throws Refusal;

    /** Refused if the domain is not local or the user exists. */
    void add(MailboxAddress user, Password password) throws Refusal;

    void changePassword(MailboxAddress user, Password password) throws Refusal;

    void remove(MailboxAddress user, Mailboxes mailboxes) throws Refusal;
}
