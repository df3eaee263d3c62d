package org.relais.configuration.settings;

/** How mail of our own users is taken. */
public record SubmissionSettings(BareLineEndings bareLineEndings) {}
