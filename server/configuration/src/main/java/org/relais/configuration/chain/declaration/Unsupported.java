package org.relais.configuration.chain.declaration;

/** A mailet or matcher that people know from James and that is not part of Relais. */
public record Unsupported(ComponentKind kind, String name, String className, String reason) {}
