package org.relais.configuration.settings;

/** What the store stands on. */
public enum StoreBackend {
    /** In memory: nothing survives a restart. The only one in this version. */
    MEMORY
}
