package org.relais.mailets.delivery;

import org.relais.delivery.engine.Retries;
import org.relais.delivery.route.Routes;

/**
 * How mail is relayed where the chain does not say otherwise.
 *
 * @param heloName our name in EHLO
 */
public record RelaySettings(Routes routes, Retries retries, String heloName) {}
