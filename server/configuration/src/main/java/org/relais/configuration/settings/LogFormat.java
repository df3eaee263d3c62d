package org.relais.configuration.settings;

/** The shape of a log line. */
public enum LogFormat {
    TEXT,
    /** One JSON object per line. */
    JSON
}
