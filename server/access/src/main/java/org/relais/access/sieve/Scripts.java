package org.relais.access.sieve;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where ManageSieve finds users and their scripts. May block; safe for use by many threads. */
public interface Scripts {

    /** One script of a user; at most one of his is active. */
    record Script(String name, boolean active) {}

    /** The user's one name, however he has spelt it; empty if the password is wrong or there is no such user. */
    Optional<String> authenticate(String user, String password) throws IOException;

    /** The Sieve extensions that scripts may require. */
    List<String> extensions();

    /** What is wrong with a script, in words; empty if nothing is. */
    Optional<String> fault(String content);

    /** Whether a script of this size would be kept now. */
    void checkSpace(String user, String name, long octets) throws ScriptRefusedException, IOException;

    List<Script> list(String user) throws IOException;

    String get(String user, String name) throws ScriptRefusedException, IOException;

    void put(String user, String name, String content) throws ScriptRefusedException, IOException;

    void delete(String user, String name) throws ScriptRefusedException, IOException;

    void rename(String user, String from, String to) throws ScriptRefusedException, IOException;

    /** An empty name makes none active. */
    void activate(String user, String name) throws ScriptRefusedException, IOException;
}
