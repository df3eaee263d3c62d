package org.relais.configuration.settings;

/**
 * What stands between a mail's acceptance and its end.
 *
 * @param workers how many mails run through the chain at the same time
 */
public record SpoolSettings(int workers) {}
