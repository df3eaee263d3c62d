package org.relais.configuration.settings;

import java.net.InetAddress;

/**
 * Where the administration listens; always on loopback.
 *
 * @param port 0 to 65535; 0 takes any free port
 * @param line where relais.xml names it; 1 for a default
 */
public record AdministrationSettings(InetAddress address, int port, int line) {}
