package org.relais.administration.port;

import java.nio.file.Path;
import java.time.Instant;

/** Facts about a running server that do not change while it runs. */
public record ServerIdentity(String version, Path home, long pid, Instant startedAt) {}
