package org.relais.smtpclient;

/** For SMTP AUTH; the password is never shown. */
public record Credentials(String user, String password) {
    @Override
    public String toString() {
        return "credentials of " + user;
    }
}
