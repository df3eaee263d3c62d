package org.relais.chain.james;

/** What every run of a chain works with. */
record ChainParts(MailCopies copies, SpoolReturn spool, MailKeeper keeper, StepEvents events, int mostMoves) {}
