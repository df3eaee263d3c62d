package org.relais.configuration.xml;

/**
 * One attribute of an element.
 *
 * @param line where its name stands, from 1
 */
public record XmlAttribute(String name, String value, int line) {}
