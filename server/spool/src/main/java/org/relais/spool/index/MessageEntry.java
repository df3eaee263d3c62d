package org.relais.spool.index;

/**
 * What is known of a message without reading it.
 *
 * @param location where its record is, in the store's terms
 * @param length bytes of its record's body
 * @param size bytes of its content
 * @param isLarge the content is in a file of its own
 */
public record MessageEntry(long id, long location, int length, long size, boolean isLarge) {}
