package org.relais.smtpclient.protocol;

/** The server said what is not a reply of SMTP, or not one that can be given here. */
public final class NotSmtpException extends Exception {
    private static final long serialVersionUID = 1L;

    public NotSmtpException(String message) {
        super(message);
    }
}
