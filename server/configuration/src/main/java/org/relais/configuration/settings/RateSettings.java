package org.relais.configuration.settings;

import java.time.Duration;

/**
 * At most so many mails to a destination within any period of that length.
 *
 * @param to which destinations; a star stands for any characters
 * @param line where relais.xml names it
 */
public record RateSettings(String to, int mails, Duration per, int line) {}
