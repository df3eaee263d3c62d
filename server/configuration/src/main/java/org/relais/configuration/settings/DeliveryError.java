package org.relais.configuration.settings;

import java.util.Locale;

/** Kinds of errors that retries tell apart. Their names are those of {@code org.relais.delivery.reply.ReplyClass}. */
public enum DeliveryError {
    UNKNOWN_USER,
    MAILBOX_FULL,
    MAILBOX_DISABLED,
    POLICY,
    REPUTATION,
    GREYLISTED,
    TOO_LARGE,
    RATE_LIMITED,
    CONTENT,
    AUTHENTICATION,
    TLS,
    ROUTING,
    CONNECTION,
    SYSTEM,
    OUR_FAULT,
    OTHER;

    /** As it is written: {@code mailbox-full}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
