package org.relais.chain.james;

import javax.mail.MessagingException;

/**
 * Thrown by a mailet that has finished with some of a mail's recipients and failed for the others.
 *
 * <p>At the throw the mail's recipients must be those that are left: only they are tried again. With any other exception
 * the chain gives the mail its recipients back as they were before the mailet.
 */
public final class PartlyDoneException extends MessagingException {
    private static final long serialVersionUID = 1;

    public PartlyDoneException(String message, Exception cause) {
        super(message, cause);
    }
}
