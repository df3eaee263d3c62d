package org.relais.configuration.settings;

/** In what the part of a notification that people read is written. */
public enum BounceLanguage {
    EN,
    FR,
    /** English, then French. */
    BOTH
}
