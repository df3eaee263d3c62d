package org.relais.configuration.settings;

/** For senders whose mail names neither: in what the part of a notification that people read is written. */
public enum BounceLanguage {
    EN,
    FR
}
