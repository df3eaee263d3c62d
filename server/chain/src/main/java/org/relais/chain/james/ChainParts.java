package org.relais.chain.james;

import java.util.function.BooleanSupplier;

/**
 * What every run of a chain works with.
 *
 * @param isStopping whether an interrupt is the server's stop and no fault
 */
record ChainParts(
        Spools spools, MailKeeper keeper, StepEvents events, ChainSettings settings, BooleanSupplier isStopping) {}
