package org.relais.configuration.settings;

import java.nio.file.Path;

/**
 * The listeners' certificate.
 *
 * @param certificate PEM: the certificate of this host first, then the intermediate ones; absolute path
 * @param key PEM, PKCS#8, not encrypted; absolute path
 */
public record TlsSettings(Path certificate, Path key) {}
