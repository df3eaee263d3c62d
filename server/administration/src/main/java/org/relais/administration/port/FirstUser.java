package org.relais.administration.port;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Makes the domain and the user a new home begins with, so that a first mail can be sent. {@link #makeIfNew} has to be
 * called before the listeners are bound: mail for the domain would be refused otherwise. The password is random, told
 * once, kept nowhere but as the user base keeps passwords. Only when it has been told does a file of the home
 * {@link #remember} that all this was done: after a start that failed before, the next one makes another password.
 */
public final class FirstUser {
    private static final String LOCAL_PART = "postmaster"; // RFC 5321 §4.5.1: the one that every domain has
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"; // 5 bits each, none looks like another
    private static final int PASSWORD_LENGTH = 20;

    /** A user that was just made. */
    public record Made(MailboxAddress address, Password password) {}

    private final Path remembered;
    private final DomainName domain;
    private final SecureRandom random;
    private Optional<Made> made = Optional.empty();

    /**
     * Prepares, and does nothing.
     *
     * @param dataDirectory the home's
     * @param domain the home's first domain
     */
    public FirstUser(Path dataDirectory, DomainName domain, SecureRandom random) {
        this.remembered = dataDirectory.resolve("first-user");
        this.domain = domain;
        this.random = random;
    }

    /** Makes domain and user, or gives the user another password, unless that was told before. */
    public void makeIfNew(DomainAdministration domains, UserAdministration users) throws Refusal {
        if (Files.exists(remembered)) {
            return;
        }
        if (!domains.list().contains(domain)) {
            domains.add(domain);
        }
        var password = newPassword();
        if (users.list().contains(address())) {
            users.changePassword(address(), password);
        } else {
            users.add(address(), password);
        }
        made = Optional.of(new Made(address(), password));
    }

    /** Notes that the password was told, so that this home's first user is never made again. */
    public void remember() throws IOException {
        if (made.isPresent()) {
            Files.writeString(remembered, address() + "\n");
        }
    }

    /** The user and its password, if {@link #makeIfNew} made one. */
    public Optional<Made> made() {
        return made;
    }

    /** The first user's address, whether or not it is still there. */
    public MailboxAddress address() {
        return new MailboxAddress(LOCAL_PART, domain);
    }

    private Password newPassword() {
        var password = new StringBuilder(PASSWORD_LENGTH);
        for (int i = 0; i < PASSWORD_LENGTH; i++) {
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return new Password(password.toString());
    }
}
