package org.relais.configuration.xml;

/**
 * A well-formed file.
 *
 * @param file as findings name it: {@code conf/relais.xml}
 */
public record XmlDocument(String file, XmlElement root) {}
