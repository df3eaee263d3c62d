package org.relais.configuration.settings;

/** Where mailboxes, users, domains and aliases are kept. */
public record StoreSettings(StoreBackend backend) {}
