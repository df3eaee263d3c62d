package org.relais.access.smtp;

import java.util.Optional;

/** Checks passwords. Called from session threads; may block; what it throws is answered 454 and logged. */
@FunctionalInterface
public interface Authenticator {
    /** The user's name as the server knows it, if the password is right. */
    Optional<String> authenticate(String name, String password);
}
