package org.relais.delivery.reply;

import java.util.Locale;
import java.util.ResourceBundle;

/** What kind of trouble a reply tells of; {@link #describe} says it to a person. */
public enum ReplyClass {
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

    /**
     * @param happened a sentence: what happened
     * @param remedy a sentence: what its reader can do
     */
    public record Description(String happened, String remedy) {}

    /** In French for French, else in English; without the name of an address, host or mail. */
    public Description describe(Locale locale) {
        boolean isFrench = locale.getLanguage().equals("fr");
        ResourceBundle words = ResourceBundle.getBundle(
                "org.relais.delivery.reply.descriptions",
                isFrench ? Locale.FRENCH : Locale.ROOT,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
        return new Description(words.getString(name() + ".happened"), words.getString(name() + ".remedy"));
    }

    /** {@code mailbox-full}: as configuration and events write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
