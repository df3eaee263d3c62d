package org.relais.configuration.settings;

/** How the log is written. */
public record LogSettings(LogFormat format, LogLevel level) {}
