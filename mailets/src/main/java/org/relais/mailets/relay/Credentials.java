package org.relais.mailets.relay;

/** For SMTP AUTH at a smart host; the password is never shown. */
public record Credentials(String user, String password) {
    @Override
    public String toString() {
        return "Credentials[" + user + "]";
    }
}
