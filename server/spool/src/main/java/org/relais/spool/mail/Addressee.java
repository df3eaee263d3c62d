package org.relais.spool.mail;

import java.util.List;

/**
 * A forward-path of a mail.
 *
 * @param forwardPath without angle brackets
 * @param ownFields header fields ({@code Name: value}) for it alone
 */
public record Addressee(String forwardPath, List<String> ownFields) {
    public Addressee {
        ownFields = List.copyOf(ownFields);
    }
}
