package org.relais.administration.port;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Makes the domain and the user a new home begins with, once in its life, so that a first mail can be sent. Before the
 * listeners are bound, {@link #makeIfNew} has to be called: mail for the domain would be refused otherwise. The password
 * is random, told once, kept nowhere but as the user base keeps passwords. A file of the home remembers that it was done.
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

    /** Makes domain and user if this home never had them. Called once, before the listeners are bound. */
    public void makeIfNew(DomainAdministration domains, UserAdministration users) throws Refusal {
        if (Files.exists(remembered)) {
            return;
        }
        if (!domains.list().contains(domain)) {
            domains.add(domain);
        }
        var address = new MailboxAddress(LOCAL_PART, domain);
        if (!users.list().contains(address)) {
            var password = newPassword();
            users.add(address, password);
            made = Optional.of(new Made(address, password));
        }
        try {
            Files.writeString(remembered, address + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + remembered, e);
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
