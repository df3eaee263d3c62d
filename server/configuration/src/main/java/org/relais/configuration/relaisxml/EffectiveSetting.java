package org.relais.configuration.relaisxml;

/**
 * One setting as it holds: what {@code relais config show} prints.
 *
 * @param name its path: {@code limits/messageSize}, {@code listeners/listener[3]/port}
 * @param value as it is written, or its default
 * @param isDefault whether relais.xml leaves it out
 * @param line where it is written; 1 for a default
 */
public record EffectiveSetting(String name, String value, boolean isDefault, int line) {}
